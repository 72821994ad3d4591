"""The Helm chart: its values fit their schema, and what it renders is what a cluster takes."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from config import inspect
from frontdesk.desk import ROOM_FILES, _channel_models
from tests.deploy.go_template import Templates

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "frontdesk"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text())
ABOUT: dict[str, Any] = yaml.safe_load((CHART / "Chart.yaml").read_text())
EVERYTHING = {
    "ingress.enabled": True,
    "ingress.className": "nginx",
    "ingress.annotations": {"a/b": "c"},
    "ingress.tlsSecret": "chat-tls",
    "serviceMonitor.enabled": True,
    "serviceMonitor.labels": {"release": "prometheus"},
    "secrets": ["frontdesk-secrets", "slack"],
    "imagePullSecrets": ["registry"],
    "nodeSelector": {"disk": "fast"},
    "tolerations": [{"key": "spot", "operator": "Exists"}],
    "affinity": {"podAntiAffinity": {}},
    "podAnnotations": {"team": "sales"},
    "image.tag": "1.2.3",
}


def values(changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(VALUES)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = changed
        for name in above:
            place = place[name]
        place[last] = value
    return changed


def rendered(changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The manifests by kind."""
    root = {
        "Values": values(changes),
        "Release": {"Name": "desk", "Service": "Helm"},
        "Chart": {"AppVersion": str(ABOUT["appVersion"])},
    }
    templates = Templates(root)
    for path in CHART.glob("templates/*.tpl"):
        templates.define(path.read_text())
    texts = [templates.render(path.read_text()) for path in sorted(CHART.glob("templates/*.yaml"))]
    manifests = [yaml.safe_load(text) for text in texts]
    return {one["kind"]: one for one in manifests if one is not None}


def pod(manifests: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = manifests["Deployment"]["spec"]["template"]["spec"]
    return spec


def test_that_the_values_fit_their_schema_and_every_value_is_in_it() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    check = jsonschema_rs.validator_for(SCHEMA)
    check.validate(VALUES)
    check.validate(values(EVERYTHING))
    assert set(SCHEMA["properties"]) - {"global"} == set(VALUES)
    for name, described in SCHEMA["properties"].items():
        if described.get("additionalProperties") is False:
            assert set(described["properties"]) == set(VALUES[name]), name


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("replicas", 0),
        ("replicas", "two"),
        ("image.pullPolicy", "Sometimes"),
        ("desk.channels", {"Web Chat": "kind: web"}),
        ("desk.files", {"../frontdesk.yaml": ""}),
        ("service.port", 70_000),
        ("ingress.hostname", "chat.example"),
        ("replica", 2),
    ],
)
def test_that_a_slip_in_the_values_is_refused(path: str, value: Any) -> None:
    check = jsonschema_rs.validator_for(SCHEMA)
    assert not check.is_valid(values({path: value}))


def test_that_every_value_is_used() -> None:
    text = "".join(path.read_text() for path in CHART.glob("templates/*"))
    used = set(re.findall(r"\.Values\.([\w.]+)", text))
    leaves = {f"{name}.{one}" for name in ("image", "service", "ingress", "serviceMonitor") for one in VALUES[name]}
    assert leaves <= used
    assert {name.partition(".")[0] for name in used} == set(VALUES)


def test_that_the_defaults_render_what_belongs_together() -> None:
    found = rendered({})
    assert set(found) == {"ConfigMap", "Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"}
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for selector in (
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()
    (container,) = pod(found)["containers"]
    assert found["Service"]["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]
    assert pod(found)["volumes"][0]["configMap"]["name"] == found["ConfigMap"]["metadata"]["name"]
    assert container["image"] == f"frontdesk:{ABOUT['appVersion']}"
    assert {probe: container[probe]["httpGet"]["path"] for probe in container if probe.endswith("Probe")} == {
        "startupProbe": "/livez",
        "livenessProbe": "/livez",
        "readinessProbe": "/readyz",
    }


def test_that_no_container_may_do_more_than_it_must() -> None:
    spec = pod(rendered(EVERYTHING))
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    for container in (*spec["initContainers"], *spec["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_that_everything_can_be_switched_on() -> None:
    found = rendered(EVERYTHING)
    assert found["Ingress"]["spec"]["tls"] == [{"secretName": "chat-tls", "hosts": ["chat.fernlight.example"]}]
    assert found["ServiceMonitor"]["metadata"]["labels"]["release"] == "prometheus"
    (container,) = pod(found)["containers"]
    assert [one["secretRef"]["name"] for one in container["envFrom"]] == ["frontdesk-secrets", "slack"]
    assert container["image"] == "frontdesk:1.2.3"
    assert pod(found)["tolerations"] == EVERYTHING["tolerations"]
    assert "team" in found["Deployment"]["spec"]["template"]["metadata"]["annotations"]


def test_that_one_process_has_no_budget_and_an_own_config_map_is_used() -> None:
    found = rendered({"replicas": 1, "desk.existingConfigMap": "mine"})
    assert set(found) == {"Deployment", "Service", "ServiceAccount"}
    assert pod(found)["volumes"][0]["configMap"]["name"] == "mine"


def test_that_an_edit_of_the_desk_rolls_the_pods() -> None:
    def mark(changes: Mapping[str, Any]) -> str:
        template = rendered(changes)["Deployment"]["spec"]["template"]
        told: str = template["metadata"]["annotations"]["frontdesk/desk"]
        return told

    assert mark({}) == mark({})
    assert mark({}) != mark({"desk.channels": {"web": "kind: web\nallowed_origins: []\n"}})


def test_that_the_pod_lays_out_a_desk_that_is_read(tmp_path: Path) -> None:
    """The program of the init container itself, over the ConfigMap as it would be mounted."""
    found = rendered({})
    config, desk = tmp_path / "config", tmp_path / "desk"
    (config / "..data").mkdir(parents=True)
    desk.mkdir()
    for name, text in found["ConfigMap"]["data"].items():
        (config / "..data" / name).write_text(text)
        (config / name).symlink_to(Path("..data") / name)
    (program,) = pod(found)["initContainers"][0]["args"]
    subprocess.run(
        ["python3", "-c", program.replace("/config", str(config)).replace("/desk", str(desk))], check=True, timeout=30
    )
    secrets = {"FRONTDESK_STORE_PASSWORD": "a-long-random-word"}
    inspection = inspect(desk, environment=secrets, files=ROOM_FILES, channels=_channel_models())
    assert inspection.errors == ()
    assert inspection.desk is not None
    assert list(inspection.desk.channels) == ["web"]
    assert "a-long-random-word@valkey" in inspection.desk.settings.store.url.reveal()


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not installed")
def test_that_helm_itself_takes_the_chart(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(yaml.safe_dump(values(EVERYTHING)))
    subprocess.run(["helm", "lint", "--strict", str(CHART)], check=True, timeout=60)
    out = subprocess.run(
        ["helm", "template", "desk", str(CHART), "-f", str(tmp_path / "values.yaml")],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    ).stdout
    kinds = {one["kind"] for one in yaml.safe_load_all(out) if one}
    assert kinds == set(rendered(EVERYTHING))
