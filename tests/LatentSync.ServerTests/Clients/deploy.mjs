// The files of deploy/ against what reads them: the types of Kubernetes and KEDA, the language of Prometheus, and the server's metrics.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import typescript from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { run } from './support.mjs';

const folder = process.env.DEPLOY;
const read = (...path) => readFileSync(join(folder, ...path), 'utf8');
const yamls = readdirSync(join(folder, 'kubernetes')).filter((name) => name.endsWith('.yaml'));
const strict = { strict: true, uniqueKeys: true };
const objects = () => yamls.flatMap((name) => parseAllDocuments(read('kubernetes', name), strict).map((document) => document.toJS()));

const packageOf = ({ apiVersion, kind }) =>
  `${apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models'}/${apiVersion}/${kind}`;

/** Values by the schemas, then unknown names by the types, which the schemas let pass. */
async function check(all) {
  for (const object of all) {
    const { [object.kind]: Model } = await import(packageOf(object));
    new Model(object).validate();
  }

  const file = `manifests-${process.pid}.ts`;
  const lines = all.map(
    (object, i) => `import type { I${object.kind} as T${i} } from '${packageOf(object)}';\nexport const o${i}: T${i} = ${JSON.stringify(object)};`,
  );
  writeFileSync(file, lines.join('\n'));
  const { ModuleKind, ModuleResolutionKind, ScriptTarget } = typescript;
  const program = typescript.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ScriptTarget.ES2022,
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
  });
  const found = typescript.getPreEmitDiagnostics(program).map((one) => typescript.flattenDiagnosticMessageText(one.messageText, ' '));
  rmSync(file);
  assert.deepEqual(found, []);
}

const dashboard = () => JSON.parse(read('grafana', 'latentsync.json'));
const panels = () => dashboard().panels.filter((panel) => panel.type !== 'row');

/** All queries, each with where it stands. */
const queries = () => [
  ...panels().flatMap((panel) => panel.targets.map((target) => [panel.title, target.expr.replaceAll('$__rate_interval', '5m')])),
  ...parse(read('prometheus', 'alerts.yml')).groups.flatMap((group) => group.rules.map((rule) => [rule.alert, rule.expr])),
  ...objects()
    .filter((object) => object.kind === 'ScaledObject')
    .flatMap((object) => object.spec.triggers.map((trigger) => [object.metadata.name, trigger.metadata.query])),
];

/** The metrics of a query with the labels that it asks them for; an error if it is none. */
function metrics(name, query) {
  const found = [];
  const text = (node) => query.slice(node.from, node.to);
  parser.parse(query).iterate({
    enter(node) {
      assert.ok(!node.type.isError, `${name}: ${query} cannot be read at ${query.slice(node.from)}`);
      if (node.name === 'VectorSelector') {
        const inner = node.node;
        const labels = [];
        inner.cursor().iterate((part) => void (part.name === 'LabelName' && labels.push(text(part))));
        found.push({ metric: text(inner.getChild('Identifier')), labels });
      }
      if (node.name === 'GroupingLabels') {
        const names = node.node.getChildren('LabelName').map(text);
        // All selectors below this aggregation.
        node.node.parent.parent.cursor().iterate((part) => {
          if (part.name === 'VectorSelector') {
            found.push({ metric: text(part.node.getChild('Identifier')), labels: names });
          }
        });
      }
    },
  });
  assert.ok(found.length > 0, `${name}: ${query} asks for nothing`);
  return found;
}

const seconds = (span) => span.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

await run({
  async manifests() {
    await check(objects());

    // The checker finds what it is for.
    const [wrong] = objects().filter((object) => object.kind === 'Deployment');
    wrong.spec.template.spec.containers[0].imag = 'x';
    await assert.rejects(check([wrong]));
    const [scaled] = objects().filter((object) => object.kind === 'ScaledObject');
    scaled.spec.minReplicaCont = 1;
    await assert.rejects(check([scaled]));
  },

  /** What refers to something refers to what is there. */
  async references() {
    const all = objects();
    const named = (kind) => all.filter((object) => object.kind === kind);
    const names = (kind) => named(kind).map((object) => object.metadata.name);
    for (const object of all.filter((one) => one.kind !== 'Namespace')) {
      assert.equal(object.metadata.namespace, names('Namespace')[0]);
    }

    const pods = [...named('Deployment'), ...named('Job')].map((object) => object.spec.template);
    for (const { spec } of pods) {
      const volumes = spec.volumes.map((volume) => volume.name);
      for (const container of spec.containers) {
        assert.deepEqual(container.volumeMounts.map((mount) => mount.name).sort(), [...volumes].sort());
        assert.ok(container.resources.limits.memory && container.resources.requests.cpu);
      }
      for (const volume of spec.volumes.filter((one) => one.persistentVolumeClaim)) {
        assert.ok(names('PersistentVolumeClaim').includes(volume.persistentVolumeClaim.claimName));
      }
    }

    const has = (object, labels) => Object.entries(labels).every(([key, value]) => object.spec.template.metadata.labels[key] === value);
    const matches = (labels) => named('Deployment').filter((object) => has(object, labels));
    for (const object of named('Deployment')) {
      assert.deepEqual(matches(object.spec.selector.matchLabels), [object]);
      const [container] = object.spec.template.spec.containers;
      assert.equal(container.args[container.args.indexOf('--role') + 1], object.metadata.name);
      const grace = container.env.find((entry) => entry.name === 'LATENTSYNC_SERVER__STOPGRACE')?.value ?? '00:00:30';
      assert.ok(object.spec.template.spec.terminationGracePeriodSeconds >= seconds(grace) + 30);
      const port = container.ports[0];
      assert.equal(object.spec.template.metadata.annotations['prometheus.io/port'], String(port.containerPort));
      assert.ok(container.args.includes(`http://0.0.0.0:${port.containerPort}`));
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        assert.equal(probe.httpGet.port, port.name);
      }
    }

    for (const object of named('Service')) {
      const [target] = matches(object.spec.selector);
      assert.ok(target.spec.template.spec.containers[0].ports.some((port) => port.name === object.spec.ports[0].targetPort));
    }
    for (const object of named('PodDisruptionBudget')) {
      assert.equal(matches(object.spec.selector.matchLabels).length, 1);
    }
    for (const object of named('Ingress')) {
      for (const path of object.spec.rules.flatMap((rule) => rule.http.paths)) {
        assert.ok(names('Service').includes(path.backend.service.name));
      }
    }
    for (const object of named('ScaledObject')) {
      assert.ok(names('Deployment').includes(object.spec.scaleTargetRef.name));
      assert.equal(named('Deployment').find((one) => one.metadata.name === object.spec.scaleTargetRef.name).spec.replicas, undefined);
    }
  },

  /** Every metric and label that a query names is one that the server has; METRICS names a file with its answers. */
  async metrics() {
    const samples = new Map();
    for (const line of readFileSync(process.env.METRICS, 'utf8').split('\n')) {
      const [, name, labels] = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? /i.exec(line) ?? [];
      if (name) {
        const known = samples.get(name) ?? new Set();
        [...(labels ?? '').matchAll(/([a-z_][a-z0-9_]*)="/gi)].forEach((match) => known.add(match[1]));
        samples.set(name, known);
      }
    }

    // Prometheus itself knows these.
    samples.set('up', new Set());
    const targets = ['job', 'instance'];
    for (const [name, query] of queries()) {
      for (const { metric, labels } of metrics(name, query)) {
        assert.ok(samples.has(metric), `${name}: the server has no metric ${metric}`);
        for (const label of labels) {
          assert.ok(samples.get(metric).has(label) || targets.includes(label), `${name}: ${metric} has no label ${label}`);
        }
      }
    }

    assert.throws(() => metrics('wrong', 'sum by (state) latentsync_jobs{'));
  },

  /** Panels of the dashboard do not lie on each other, and each says what it shows. */
  async dashboard() {
    const all = dashboard().panels;
    assert.equal(new Set(all.map((panel) => panel.id)).size, all.length);
    const places = new Set();
    for (const { gridPos, title } of all) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !places.has(`${x},${y}`), title);
          places.add(`${x},${y}`);
        }
      }
    }
    for (const panel of panels()) {
      assert.ok(panel.title && panel.description && panel.targets.length > 0);
    }
  },
});
