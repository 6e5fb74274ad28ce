"""Of which commit, and on which machine, each figure is: a table for the page of results.

Read from the files that the commands wrote; a file that does not record it is shown as such."""

import json
from pathlib import Path

import results

root = Path(__file__).resolve().parent.parent
others = {  # measured by notebooks, or beside the table of results.py
    "where_distillation_pays": (
        "nbs/tutorials/where_distillation_pays.csv",
        "jupyter execute nbs/tutorials/where_distillation_pays.ipynb",
    ),
    "chords": ("nbs/tutorials/chords.csv", "jupyter execute nbs/tutorials/chords.ipynb"),
    "benchmarks": ("nbs/tutorials/benchmarks.json", "python -m audio_kd.run.bench"),
}


def records(path):
    "The dicts of a file that may say on what it was measured"
    log = path.with_suffix(".jsonl")
    if log.exists():
        return [json.loads(line) for line in log.read_text().splitlines()]
    if path.suffix != ".json":
        return []
    content = json.loads(path.read_text())
    return [content, *(value for value in content.values() if isinstance(value, dict))]


def origin(record):
    "(commit, processor) of a record, with None for what it does not say"
    facts = record.get("on") or record
    commit = facts.get("commit")
    named = (facts.get(key) for key in ("processor", "cpu", "machine"))
    processor = next((value for value in named if isinstance(value, str)), None)
    if processor and facts.get("vnni") is not None:
        processor += " with VNNI" if facts["vnni"] else " without VNNI"
    changed = "+" if facts.get("uncommitted_changes") else ""
    return commit and commit.rstrip("+")[:7] + (changed or "+" * commit.endswith("+")), processor


def joined(values):
    "What several records say, each once"
    return ", ".join(dict.fromkeys(filter(None, values))) or "not recorded"


def table():
    "Markdown"
    files = {
        name: (result.file, f"make results NAME={name}") for name, result in results.results.items()
    } | others
    lines = ["| file | commit | processor | command |", "|---|---|---|---|"]
    for file, command in files.values():
        if not (root / file).exists():
            continue
        origins_of = [origin(record) for record in records(root / file)]
        commits, processors = zip(*origins_of, strict=True) if origins_of else ((), ())
        lines.append(f"| `{file}` | {joined(commits)} | {joined(processors)} | `{command}` |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
