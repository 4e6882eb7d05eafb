"""What stands at the top of the project, where people look for it, is part of the site, too."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

#: File at the top → page of the site.
PAGES = {"CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files, with their links as seen from the folder of the documents."""
    top = Path(config.config_file_path).parent
    for name, page in PAGES.items():
        text = (top / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, page, content=text))
    return files
