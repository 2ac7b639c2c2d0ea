"""Two associations, every address of Wagtail's admin aimed at one of them, and a body that is a wish for every form."""

from urllib.parse import urlencode

import wagtail.admin.urls
from django.contrib.auth import get_user_model
from django.urls import URLResolver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupPagePermission, Page, Revision

from cms import roles
from cms.models import AssociationTree
from tests.cms.makers import make_association, make_document, make_image, make_promotion
from tests.factories import make_user

# Signing out would end the walk; the account page shows and changes only the editor's own account.
# The error test fails on purpose; the addresses of the API are regular expressions and written out below.
NOT_WALKED = (
    "wagtailadmin_logout",
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_account",
    "wagtailadmin_error_test",
    "wagtailadmin_api",
    "wagtail_bulk_action",
)
BULK = [
    ("wagtailcore", "page", ["delete", "move", "publish", "unpublish"]),
    ("wagtailimages", "image", ["delete", "add_tags", "add_to_collection"]),
    ("wagtaildocs", "document", ["delete", "add_tags", "add_to_collection"]),
]


class Side:
    """An association with everything that it owns, and one editor."""

    def __init__(self, home, name: str):
        letter = name[-1]
        self.page = make_association(home, name)
        self.editor = make_user(f"editor-{letter.lower()}@example.org")
        roles.add_editor(self.editor, page=self.page)
        collection = AssociationTree.objects.get(page=self.page).collection
        self.collection = collection
        self.image = make_image(f"Image-{letter}", collection=collection)
        self.document = make_document(f"Document-{letter}", collection=collection)
        self.live = make_promotion(self.page, f"Braderie-{letter}")
        self.live.save_revision(user=self.editor).publish()
        self.live.summary = f"Retouche-{letter}"
        self.revision = self.live.save_revision(user=self.editor)
        self.draft = make_promotion(self.page, f"Brouillon-{letter}", live=False)
        self.draft.save_revision(user=self.editor)


def admin_patterns(patterns=None, prefix="", namespace=""):
    """Every (name, pattern, path before it) of the admin, names with their namespace."""
    for pattern in wagtail.admin.urls.urlpatterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from admin_patterns(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif pattern.name:
            yield f"{namespace}:{pattern.name}".lstrip(":"), pattern, prefix


def values(side: Side, name: str, page) -> dict:
    """What every placeholder of an admin address stands for, aimed at `side`."""
    by_chooser = {"wagtaildocs_chooser": side.document.pk, "wagtailimages_chooser": side.image.pk}
    own_pk = side.collection.pk if name.startswith("wagtailadmin_collections") else page.pk
    return {
        "page_id": page.pk,
        "page_pk": page.pk,
        "parent_page_id": page.pk,
        "page_to_move_id": page.pk,
        "destination_id": side.page.get_parent().pk,
        "pk": by_chooser.get(name.partition(":")[0], own_pk),
        "object_id": page.pk,
        "revision_id": side.revision.pk,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "image_id": side.image.pk,
        "document_id": side.document.pk,
        "doc_id": side.document.pk,
        "collection_id": side.collection.pk,
        "content_type_app_name": "cms",
        "content_type_model_name": "promotionpage",
        "app_label": "cms",
        "app_name": "wagtailimages",
        "model_name": "promotionpage",
        "action": "delete",
        "action_name": "approve",
        "filter_spec": "original",
        **dict.fromkeys(
            ["workflow_pk", "workflow_state_id", "task_id", "task_state_id", "session_id", "uploaded_file_id"], 1
        ),
        **dict.fromkeys(["redirect_id", "submission_id", "user_id", "group_id"], 1),
        "uidb64": "MQ",
        "token": "a-b",
    }


def addresses(side: Side) -> list[str]:
    """Every address of the admin, aimed at the pages, pictures and documents of `side`."""
    found = []
    for name, pattern, prefix in admin_patterns():
        if name.startswith(NOT_WALKED):
            continue
        for page in (side.page, side.live, side.draft):
            known = values(side, name, page)
            wanted = {key: known[key] for key in pattern.pattern.regex.groupindex}
            found.append(f"/cms/{prefix}{_filled(pattern, wanted)}")
    for app, model, actions in BULK:
        rows = {"page": [side.live, side.draft], "image": [side.image], "document": [side.document]}[model]
        query = urlencode([("id", row.pk) for row in rows])
        every = f"id=all&childOf={side.page.pk}"
        found += [f"/cms/bulk/{app}/{model}/{action}/?{wish}" for action in actions for wish in (query, every)]
    found.append(f"/cms/images/chooser/?collection_id={side.collection.pk}")
    found.append(f"/cms/images/?collection_id={side.collection.pk}")
    found.append("/cms/pages/search/?q=Brouillon")
    found.append("/cms/choose-page/search/?q=Brouillon")
    found.append(f"/cms/choose-page/chosen-multiple/?id={side.draft.pk}")
    found.append(f"/cms/images/chooser/chosen-multiple/?id={side.image.pk}")
    found.append(f"/cms/documents/chooser/chosen-multiple/?id={side.document.pk}")
    found.append("/cms/reports/site-history/?export=csv")
    found += [f"/cms/api/main/pages/{page.pk}/" for page in (side.page, side.live, side.draft)]
    found += [f"/cms/api/main/pages/?{query}" for query in (f"child_of={side.page.pk}", "search=Brouillon", "fields=*")]
    return sorted(set(found))


def _filled(pattern, wanted: dict) -> str:
    """The address with its placeholders filled; the one regular expression among them is written out."""
    text = str(pattern.pattern)
    if hasattr(pattern.pattern, "_route"):
        for key, value in wanted.items():
            for converter in ("int", "str", "slug"):
                text = text.replace(f"<{converter}:{key}>", str(value))
            text = text.replace(f"<{key}>", str(value))
        return text
    return f"{wanted['pk']}/revisions/compare/{wanted['revision_id_a']}...{wanted['revision_id_b']}/"


def town_state() -> dict:
    """Everything that a foreign editor must not be able to change."""
    return {
        "pages": list(
            Page.objects.order_by("pk").values("pk", "path", "title", "slug", "live", "locked", "draft_title")
        ),
        "revisions": list(Revision.objects.order_by("pk").values("pk", "object_id", "approved_go_live_at")),
        "images": list(get_image_model().objects.order_by("pk").values("pk", "title", "collection")),
        "documents": list(get_document_model().objects.order_by("pk").values("pk", "title", "collection")),
        "collections": list(Collection.objects.order_by("pk").values("pk", "name", "path")),
        "rights": list(GroupPagePermission.objects.order_by("pk").values("group", "page", "permission")),
        "people": list(get_user_model().objects.order_by("pk").values("pk", "email", "is_superuser", "groups")),
    }


def forged(other: Side, own: Side) -> dict:
    """One body that is a valid wish for every form of the admin."""
    return {
        "title": "Pris",
        "slug": "pris",
        "new_title": "Pris",
        "new_slug": "pris",
        "new_parent_page": own.page.pk,
        "copy_subpages": "on",
        "publish_copies": "on",
        "name": "Pris",
        "legal_name": "Pris",
        "action-publish": "1",
        "body-count": "0",
        "members-TOTAL_FORMS": "0",
        "members-INITIAL_FORMS": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "id": [other.live.pk, other.draft.pk, other.image.pk, other.document.pk],
        "collection": own.collection.pk,
        f"image-{other.image.pk}-title": "Pris",
        f"doc-{other.document.pk}-title": "Pris",
        "position": "0",
    }
