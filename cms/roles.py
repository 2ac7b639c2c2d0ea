"""Rights of an association's editors: its own tree of pages, its own pictures and documents, nothing else."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from cms.models import AssociationPage, AssociationTree

PAGE_RIGHTS = ("add", "change", "publish")
COLLECTION_RIGHTS = [
    (app, f"{right}_{model}")
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for right in ("add", "change", "choose")
]


@transaction.atomic
def give_tree(page: AssociationPage) -> Group:
    """The group "Editors of …" with its rights on `page` and below, and on a collection of its own.

    A translation of an association belongs to the group of the original. May be called again: it restores missing rights
    and changes nothing else.
    """
    trees = AssociationTree.objects.filter(page__translation_key=page.translation_key)
    tree = trees.select_related("group", "collection").first()
    if tree is None:
        tree = AssociationTree.objects.create(page=page, group=_new_group(page), collection=_new_collection(page))
    tree.group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    for right in PAGE_RIGHTS:
        GroupPagePermission.objects.get_or_create(
            group=tree.group,
            page=page.page_ptr,
            permission=Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{right}_page"),
        )
    for app, codename in COLLECTION_RIGHTS:
        GroupCollectionPermission.objects.get_or_create(
            group=tree.group,
            collection=tree.collection,
            permission=Permission.objects.get(content_type__app_label=app, codename=codename),
        )
    return tree.group


def add_editor(user, *, page: AssociationPage) -> None:
    """Let `user` write the pages of the association of `page`."""
    user.groups.add(give_tree(page))


def _new_group(page: AssociationPage) -> Group:
    name = _("Editors of %(association)s") % {"association": page.title}
    if Group.objects.filter(name=name[:150]).exists():
        name = f"{name[:130]} ({page.pk})"
    return Group.objects.create(name=name[:150])


def _new_collection(page: AssociationPage) -> Collection:
    return Collection.get_first_root_node().add_child(name=page.title)
