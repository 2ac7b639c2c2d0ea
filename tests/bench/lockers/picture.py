"""The planners as a picture: how near to the bound, and how often the bank breaks its word."""

from pathlib import Path

SHOWN = ["a door per shop", "best fit", "late binding", "quantile .85", "ours, windows", "ours, odds", "ours"]
CASES = [
    ("48 h", 20),
    ("48 h", 30),
    ("48 h", 45),
    ("24 h, same evening", 45),
    ("24 h, same evening", 70),
    ("24 h, same evening", 100),
]


def draw(rows: list[dict], path: Path) -> None:
    """One panel for each case: accepted orders to the right, displaced legs upwards."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(2, 3, figsize=(12, 7), sharey=True)
    for panel, (name, orders) in zip(panels.flat, CASES, strict=True):
        for number, planner in enumerate(SHOWN):
            row = next(
                row for row in rows if (row["case"], row["orders/day"], row["planner"]) == (name, orders, planner)
            )
            panel.errorbar(
                row["% of bound"], row["displaced %"], xerr=row["+-"], yerr=row["± "],
                fmt="o" if planner.startswith("ours") else "x", color=f"C{number}", label=planner,
            )  # fmt: skip
        panel.set_title(f"{name}, {orders} orders a day", fontsize=10)
        panel.grid(alpha=0.3)
    figure.supxlabel("accepted, % of what foreknowledge could accept")
    figure.supylabel("accepted legs that found no door, %")
    figure.legend(*panels.flat[0].get_legend_handles_labels(), loc="upper center", ncol=len(SHOWN), fontsize=9)
    figure.tight_layout(rect=(0, 0, 1, 0.95))
    figure.savefig(path, metadata={"Date": None})
    figure.savefig(path.with_suffix(".png"), dpi=80)
