"""Executes a notebook and prints its cells with what they gave, as JSON: execute.py NOTEBOOK KERNEL FOLDER"""

import json
import sys

import nbformat
from nbclient import NotebookClient

path, kernel, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(
    notebook,
    timeout=120,
    kernel_name=kernel,
    allow_errors=True,
    resources={"metadata": {"path": folder}},
)
client.execute()
cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
print(json.dumps([{"source": cell.source, "outputs": cell.outputs} for cell in cells]))
