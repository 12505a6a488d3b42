"""Prints a strict JSON Schema of Argo's Workflow and CronWorkflow, taken from the models that the Python package hera ships.

Hera generates those models from Argo's own api/jsonschema/schema.json; the first lines of its
hera/workflows/models/io/argoproj/workflow/v1alpha1.py name the release of Argo. To make the committed schemas again, for each of

    hera 5.17.1 -> argo-3.5.schema.json   (Argo 3.5.5)
    hera 5.26.1 -> argo-3.6.schema.json   (Argo 3.6.2)
    hera 6.0.0  -> argo-3.7.schema.json   (Argo 3.7.3)
    hera 7.1.0  -> argo-4.0.schema.json   (Argo 4.0.5)

    pip install --no-deps --target hera hera==7.1.0
    PYTHONPATH=hera python scripts/argo-schemas.py > test-data/argo-4.0.schema.json
    npx prettier --write test-data/*.schema.json

Needs pydantic 2, which all these releases of hera work with. Three edits make the schema as strict as Argo's API server:
objects with properties take no others, IntOrString is a string or an integer, and a Quantity a string or a number.
The status is left out, for a manifest has none, and so is every text for people.
"""

import json
import sys

from hera.workflows.models import CronWorkflow, Workflow

ANNOTATIONS = {"title", "description", "default", "format", "examples"}
REPLACED = {
    "IntOrString": {"type": ["string", "integer"]},
    "Quantity": {"type": ["string", "number"]},
}


def schema_of(model):
    """The model's schema under the names that JSON uses, whichever pydantic API the release was generated for."""
    if hasattr(model, "model_json_schema"):
        return model.model_json_schema(by_alias=True)
    return model.schema(by_alias=True)


def strict(node):
    """A copy without annotations and without null for what is merely optional; closed where it lists properties."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    branches = [item for item in node.get("anyOf", []) if item != {"type": "null"}]
    if len(branches) == 1:
        return strict(branches[0])
    if len(node.get("allOf", [])) == 1:
        return strict(node["allOf"][0])
    result = {}
    for key, value in node.items():
        if key == "properties":
            result[key] = {name: strict(item) for name, item in value.items()}
        elif key == "anyOf":
            result[key] = strict(branches)
        elif key not in ANNOTATIONS:
            result[key] = value if key in ("enum", "const", "required") else strict(value)
    if "properties" in result:
        result["additionalProperties"] = False
    return result


def references(node):
    """Names of the definitions that a node refers to."""
    if isinstance(node, list):
        return {name for item in node for name in references(item)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"].rsplit("/", 1)[1]} if isinstance(node.get("$ref"), str) else set()
    return own | {name for value in node.values() for name in references(value)}


def rename(node):
    """With references to `definitions`, where draft 7 keeps them."""
    if isinstance(node, list):
        return [rename(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"#/definitions/{value.rsplit('/', 1)[1]}" if key == "$ref" and isinstance(value, str) else rename(value)
        for key, value in node.items()
    }


def schema_of_kind(model):
    """The strict schema of one kind of object, and the definitions that it refers to."""
    source = schema_of(model)
    definitions = source.pop("$defs", None) or source.pop("definitions")
    known = {name: REPLACED.get(name.rsplit("__", 1)[-1], None) or strict(value) for name, value in definitions.items()}
    root = strict(source)
    if "$ref" in root:
        root = known[root["$ref"].rsplit("/", 1)[1]]
    root["properties"].pop("status", None)
    root["properties"]["apiVersion"] = {"const": "argoproj.io/v1alpha1"}
    root["properties"]["kind"] = {"const": model.__name__}
    root["required"] = ["apiVersion", "kind", "metadata", "spec"]
    reachable, queue = {}, references(root)
    while queue:
        name = queue.pop()
        reachable[name] = known[name]
        queue |= references(known[name]) - reachable.keys()
    return root, reachable


def main():
    definitions = {}
    for model in (Workflow, CronWorkflow):
        root, used = schema_of_kind(model)
        definitions |= used | {model.__name__: root}
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "if": {"properties": {"kind": {"const": "CronWorkflow"}}, "required": ["kind"]},
        "then": {"$ref": "#/definitions/CronWorkflow"},
        "else": {"$ref": "#/definitions/Workflow"},
        "definitions": definitions,
    }
    json.dump(rename(schema), sys.stdout, separators=(",", ":"), sort_keys=True)
    sys.stdout.write("\n")


main()
