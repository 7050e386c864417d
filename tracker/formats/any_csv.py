"""Any CSV whose columns can be told: by well-known names, or by ``[columns]`` of the configuration."""

from collections.abc import Iterator

from tracker.errors import MissingColumnError, ParameterError
from tracker.formats.aliases import NEEDED, match_columns
from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, header_of, read_layout
from tracker.tables.reports import Reports

DELIMITERS = ",;\t|"


class AnyCsv:
    """The format ``csv``."""

    name = "csv"
    doc = "any CSV with known column names, or mapped by [columns] in the configuration"

    def sniff(self, source: Source, options: ReadOptions, /) -> float:
        """Fairly sure when time, MMSI and place can be told from the header; exact formats win."""
        if b"\x00" in source.head[:4096]:
            return 0.0
        try:
            found = match_columns(header_of(source.head, delimiter_of(source.head)), options.columns)
        except ParameterError:
            return 0.0
        return 0.7 if set(NEEDED) <= set(found) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingColumnError
            When time, MMSI, longitude or latitude cannot be told.
        """
        delimiter = delimiter_of(source.head)
        header = header_of(source.head, delimiter)
        found = match_columns(header, options.columns)
        missing = [name for name in NEEDED if name not in found]
        if missing:
            raise MissingColumnError(
                f"{source.name}: no column is known as {', '.join(missing)}; it has: {', '.join(header)[:200]}.\n"
                f'Map it in a TOML file given with --config: [columns] {missing[0]} = "ITS NAME".'
            )
        with source.open() as stream:
            yield from read_layout(
                stream, source.name, Layout(found), delimiter=delimiter, batch_rows=options.batch_rows
            )


def delimiter_of(head: bytes, /) -> str:
    """The mark that separates the header's cells: the most frequent of the usual ones."""
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(DELIMITERS, key=lambda mark: (first.count(mark), -DELIMITERS.index(mark)))


FORMAT = AnyCsv()
