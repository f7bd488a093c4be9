"""Executes a notebook and prints its cells with what they gave, as JSON: execute.py NOTEBOOK KERNEL FOLDER

A result belongs to the request that it answers, whenever it comes: Deno's kernel may say that it is idle before it shows the
result of a cell, where nbclient would have stopped listening.
"""

import json
import sys
from queue import Empty

import nbformat
from jupyter_client.manager import start_new_kernel

TIMEOUT = 120
OUTPUTS = ("execute_result", "display_data", "stream", "error")
#: Shown after all else: results come in the order of their cells.
LAST = "'the last cell'"

path, kernel, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
manager, client = start_new_kernel(kernel_name=kernel, cwd=folder)
outputs = {}


def receive():
    """The next message of the kernel, kept with its request where it is an output."""
    try:
        message = client.get_iopub_msg(timeout=TIMEOUT)
    except Empty:
        state = "is still running" if manager.is_alive() else "has ended"
        sys.exit(f"{path}: cell {len(outputs)}: the kernel, which {state}, said nothing for {TIMEOUT} s")
    request = message["parent_header"].get("msg_id")
    if message["msg_type"] in OUTPUTS and request in outputs:
        outputs[request].append(nbformat.v4.output_from_msg(message))
    return request, message["content"].get("execution_state")


try:
    for source in [*(cell.source for cell in cells), LAST]:
        request = client.execute(source)
        outputs[request] = []
        while receive() != (request, "idle"):
            pass
    while not outputs[request]:
        receive()
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)

print(json.dumps([{"source": cell.source, "outputs": given} for cell, given in zip(cells, outputs.values())]))
