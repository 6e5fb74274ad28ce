"""Rows of the tables of accuracies and of paired differences, and the two commands that scripts
behind a table have: `run` and `table`."""

import argparse


def run_and_table(description):
    "An argument parser with both commands, and the parser of `run`"
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest='what', required=True)
    run = commands.add_parser('run')
    commands.add_parser('table')
    return parser, run


def csv_cells(interval):
    "Value, low and high"
    return [f'{o:.4f}' for o in (interval.value, interval.low, interval.high)]


def accuracy_row(*cells, interval):
    "A row of Markdown that ends in an accuracy and its interval"
    first = ' | '.join(map(str, cells))
    return f'| {first} | {interval.value:.3f} | {interval.low:.3f} to {interval.high:.3f} |'


def difference_head():
    "What stands above the rows of differences"
    return ['| difference on the same clips | | 95 % interval |', '|---|---|---|']


def difference_row(first, second, gain):
    "A row of Markdown with a paired difference"
    name = f'{first} against {second}'
    return f'| {name} | {gain.value:+.3f} | {gain.low:+.3f} to {gain.high:+.3f} |'
