"""Builds as many jobs as told, in layers of five, each layer after the one before, and prints the Workflow."""

import sys

from hera.workflows import DAG, Container, Task, Workflow

WIDTH = 5
jobs = int(sys.argv[1])

with Workflow(generate_name="layers-", entrypoint="dag") as workflow:
    templates = [
        Container(name=f"job-{i}", image="python:3.12-slim", command=["echo", "job", str(i)]) for i in range(1, jobs + 1)
    ]
    with DAG(name="dag"):
        above = []
        for start in range(0, jobs, WIDTH):
            layer = [Task(name=template.name, template=template) for template in templates[start : start + WIDTH]]
            for parent in above:
                parent >> layer
            above = layer

sys.stdout.write(workflow.to_yaml())
