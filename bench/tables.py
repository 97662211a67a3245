"""Tables for people."""
import statistics


def median_of(rows, key):
    return statistics.median(row[key] for row in rows)


def table(title, rows, keys=None):
    """One line a repetition, and the median of what is a number."""
    keys = keys or list(rows[0])
    lines = [[str(row.get(key)) for key in keys] for row in rows]
    names = ["run", *keys]
    body = [[str(number), *line] for number, line in enumerate(lines, 1)]
    if len(rows) > 1 and all(isinstance(rows[0].get(key), (int, float)) for key in keys):
        body.append(["median", *(f"{median_of(rows, key):g}" for key in keys)])
    widths = [max(len(line[column]) for line in [names, *body]) for column in range(len(names))]
    print(f"\n## {title}\n", flush=True)
    for line in [names, ["-" * width for width in widths], *body]:
        print("| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths)) + " |", flush=True)
