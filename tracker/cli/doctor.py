"""``tracker doctor``: what is installed, what is missing, what to do."""

import click

REQUIRED = (
    *("click", "contourpy", "duckdb", "folium", "geopandas", "movingpandas", "numba", "numpy", "pandas", "pyais"),
    *("pyarrow", "pydantic", "pyproj", "rich", "scipy", "shapely", "XStatic-leaflet"),
)


@click.command()
def doctor() -> int:
    """Say what is installed, what is missing, and what to do."""
    import platform
    from importlib.metadata import PackageNotFoundError, version
    from importlib.resources import files

    from tracker.version import __version__

    click.echo(f"tracker {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    missing = []
    for name in REQUIRED:
        try:
            click.echo(f"  {name:<16} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
            click.echo(f"  {name:<16} MISSING")
    data = files("tracker").joinpath("data")
    for folder in ("zones", "identity", "cargo"):
        present = data.joinpath(folder).is_dir()
        click.echo(f"  data/{folder:<11} {'present' if present else 'MISSING'}")
        missing += [] if present else [f"data/{folder}"]
    if missing:
        click.echo(f"Missing: {', '.join(missing)}. Install again: python -m pip install tracker", err=True)
        return 1
    click.echo("Everything that tracker needs is here.")
    return 0
