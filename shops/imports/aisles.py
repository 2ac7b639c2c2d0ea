"""Categories in files: paths such as “Books > Novels”, and which of ours stands for which of another system's."""

from oscar.core.loading import get_model

from shops import products

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")


class Aisles:
    """All categories, read once. `translation`: what a foreign file calls them -> path of ours, "" for none of ours; None
    when the file speaks of ours, and may name new ones."""

    def __init__(self, translation: dict[str, str] | None = None):
        names: dict[str, str] = {}
        self._rows: dict[str, Category] = {}
        for row in Category.objects.order_by("path"):
            above = names.get(row.path[: -Category.steplen])
            names[row.path] = f"{above} > {row.name}" if above else row.name
            self._rows.setdefault(names[row.path], row)
        self._paths = {row.pk: names[row.path] for row in self._rows.values()}
        self._by_case = {path.casefold(): path for path in reversed(self._rows)}
        self._translation = translation

    @property
    def paths(self) -> dict[int, str]:
        """Key -> path, in the order of the tree."""
        return self._paths

    def ours(self, path: str) -> str:
        """How we call the category `path` of the file; "" leaves the product where it is."""
        if self._translation is None:
            return path
        return self._translation.get(path, self._by_case.get(path.casefold(), ""))

    def is_open(self, path: str) -> bool:
        """Whether nobody has said yet which of ours this is."""
        foreign = self._translation is not None
        return bool(path) and foreign and path not in self._translation and path.casefold() not in self._by_case

    def note_paths(self, sheets) -> None:
        """Give each sheet its `category_path`, in one query for all."""
        found: dict[int, str] = {}
        links = ProductCategory.objects.filter(product__in=[sheet.product_id for sheet in sheets])
        for product, category in links.order_by("category__path").values_list("product_id", "category_id"):
            found.setdefault(product, self._paths.get(category, ""))
        for sheet in sheets:
            sheet.category_path = found.get(sheet.product_id, "")

    def row(self, path: str) -> Category:
        """The category `path`, made where it is missing."""
        if path not in self._rows:
            row = products.category_at(path)
            self._rows[path], self._paths[row.pk] = row, path
        return self._rows[path]
