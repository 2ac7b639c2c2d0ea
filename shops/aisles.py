"""The tree of categories, read in one query and walked in memory: menus, crumbs and sub-categories cost nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from oscar.core.loading import get_model

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")


@dataclass
class Aisle:
    """A category with its place in the tree."""

    category: Category
    parent: "Aisle | None" = None
    children: list["Aisle"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.category.name

    @property
    def address(self) -> str:
        return reverse("shops:category", args=[self.category.slug])

    @property
    def above(self) -> list["Aisle"]:
        """From the top down to the parent."""
        return [*self.parent.above, self.parent] if self.parent else []

    def with_all_below(self) -> Iterator["Aisle"]:
        """Itself, its children, theirs and so on."""
        yield self
        for child in self.children:
            yield from child.with_all_below()


def tree() -> list[Aisle]:
    """Every public category in the order of the tree. One query."""
    aisles: dict[str, Aisle] = {}
    for category in Category.objects.browsable().order_by("path"):
        parent = aisles.get(category.path[: -Category.steplen])
        aisle = aisles[category.path] = Aisle(category, parent)
        if parent:
            parent.children.append(aisle)
    return list(aisles.values())


def top(aisles: list[Aisle]) -> list[Aisle]:
    """Those without a parent."""
    return [aisle for aisle in aisles if aisle.parent is None]


def named(aisles: list[Aisle], slug: str) -> list[Aisle]:
    """The aisles at one address: Oscar lets two categories below different parents have the same slug; they share a page."""
    return [aisle for aisle in aisles if aisle.category.slug == slug]


def of_product(product) -> Aisle | None:
    """The deepest public aisle of a product. Two queries."""
    own = set(product.categories.values_list("pk", flat=True))
    found = [aisle for aisle in tree() if aisle.category.pk in own]
    return max(found, key=lambda aisle: aisle.category.depth, default=None)


def products_of(aisles: list[Aisle]):
    """Primary keys of the products in these aisles and all below, as a subquery."""
    found = {each.category.pk for aisle in aisles for each in aisle.with_all_below()}
    return ProductCategory.objects.filter(category__in=found).values("product_id")
