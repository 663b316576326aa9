"""schema.py SCHEMA FORM FILE - whether a JSON file is of that form; says what is not, and where."""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
form = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/" + sys.argv[2]}
wrong = list(jsonschema.Draft202012Validator(form).iter_errors(json.load(open(sys.argv[3], encoding="utf-8"))))
for error in wrong[:10]:
    print("/".join(map(str, error.absolute_path)) or "(top)", "-", error.message[:300])
sys.exit(bool(wrong))
