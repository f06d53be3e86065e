/** Every setting once with a wrong value, and the message that a person reads. */
import { describe, expect, it } from 'vitest';
import { LEAST, problemsOf, valid, withLeast } from './configs.ts';

describe('the problem of a wrong setting', () => {
  it('name', () => {
    expect(withLeast(['name: 7', 'name: a b', 'name: a..b', 'name: a.lock'])).toMatchInlineSnapshot(`
      "name: 7
      → rollout.yml:3:7 name: 7 is not accepted; expected a name of letters, digits, dots, hyphens and underscores

      name: a b
      → rollout.yml:3:7 name: "a b" is not accepted; expected a name of letters, digits, dots, hyphens and underscores

      name: a..b
      → rollout.yml:3:7 name: "a..b" is not accepted; expected a name of letters, digits, dots, hyphens and underscores

      name: a.lock
      → rollout.yml:3:7 name: "a.lock" is not accepted; expected a name of letters, digits, dots, hyphens and underscores"
    `);
  });

  it('URLs, which are never repeated', () => {
    const addresses = [
      'ftp://zivv.pro',
      'zivv.pro',
      'https://me:word@zivv.pro/v1',
      'https://zivv.pro/v1?key=word',
      'https://zivv.pro/#x',
      '7',
    ];
    const reported = addresses.map((url) => problemsOf(`gateway: { base_url: "${url}" }\nmodels: [o3]`));
    expect(reported.join('\n')).not.toContain('word@');
    expect(reported).toMatchInlineSnapshot(`
      [
        "rollout.yml:1:22 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
        "rollout.yml:1:22 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
        "rollout.yml:1:22 gateway.base_url: this contains a user name or a password; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
        "rollout.yml:1:22 gateway.base_url: this contains a query or a fragment; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
        "rollout.yml:1:22 gateway.base_url: this contains a query or a fragment; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
        "rollout.yml:1:22 gateway.base_url: this is not an http(s) URL; expected a URL such as https://api.openai.com/v1, without a user name, a query or a fragment",
      ]
    `);
  });

  it('headers', () => {
    const headers = [
      '{ "a b": x }',
      `{ x-a: "\${HOME}" }`,
      `{ x-a: "\${GATEWAY_A" }`,
      '{ x-a: 7 }',
      '{ Host: x }',
      '{ x-a: "a\\nb" }',
      '[a]',
    ];
    const reported = headers.map((map) =>
      problemsOf(`gateway: { base_url: "https://zivv.pro/v1", headers: ${map} }\nmodels: [o3]`),
    );
    expect(reported).toMatchInlineSnapshot(`
      [
        "rollout.yml:1:56 gateway.headers["a b"]: the key "a b" is not accepted; expected the name of a header",
        "rollout.yml:1:61 gateway.headers.x-a: environment variables must be written \${GATEWAY_…} here, but the value names HOME; expected plain text with \${GATEWAY_…} for environment variables, or no such header",
        "rollout.yml:1:61 gateway.headers.x-a: the value has "\${" without a closing "}"; expected plain text with \${GATEWAY_…} for environment variables, or no such header",
        "rollout.yml:1:61 gateway.headers.x-a: the value is not accepted; expected text such as "\${GATEWAY_PORTKEY_CONFIG}"",
        "rollout.yml:1:62 gateway.headers.Host: the client sets this header itself; expected plain text with \${GATEWAY_…} for environment variables, or no such header",
        "rollout.yml:1:61 gateway.headers.x-a: the value contains a line break or a character that is not allowed in a header; expected plain text with \${GATEWAY_…} for environment variables, or no such header",
        "rollout.yml:1:54 gateway.headers: the value is not accepted; expected a map: header name → value",
      ]
    `);
  });

  it('models and workloads', () => {
    const gateway = 'gateway: { base_url: "https://zivv.pro/v1" }\n';
    const models = [
      'models: []',
      'models: {}',
      'models: gpt-4o',
      'models: [a, a]',
      'models: { fast: 4 }',
      'models: [a]\nworkloads: [a, local, 5%]',
      'models: [5%, default]',
      'models: [a]\nworkloads: [a, local]',
    ];
    expect(models.map((text) => problemsOf(gateway + text))).toMatchInlineSnapshot(`
      [
        "rollout.yml:2:9 models: an empty list is not accepted; expected at least one model",
        "rollout.yml:2:9 models: an empty map is not accepted; expected at least one model",
        "rollout.yml:2:9 models: "gpt-4o" is not accepted; expected a list of names, or a map: name in your code → name on the gateway",
        "rollout.yml:2:13 models[1]: "a" is in the list twice; expected each entry once",
        "rollout.yml:2:17 models.fast: 4 is not accepted; expected the name of a model, such as gpt-4o-mini",
        "rollout.yml:3:23 workloads[2]: "5%" is not accepted; expected the name of a workload, such as internal-tools",
        "rollout.yml:2:9 models: a model cannot be named 5%, because as a stage that means something else; expected another name
      rollout.yml:2:9 models: a model cannot be named default, because as a stage that means something else; expected another name",
        "rollout.yml:3:13 workloads[0]: a is the name of a model and of a workload; expected different names, so that a stage means one of them
      rollout.yml:3:16 workloads[1]: a workload cannot be named local, because as a stage that means something else; expected another name",
      ]
    `);
  });

  it('client and check', () => {
    expect(
      withLeast([
        'client: { timeout: 30, max_retries: -1 }',
        'client: { timeout: 10ms, max_retries: 1.5 }',
        'check: { features: [tool, streaming, streaming] }',
        'check: { features: atuo, max_cost_usd: 5% }',
        'check: { max_cost_usd: 0, require: [Stream] }',
        'check: { ignore: { request_id: "" } }',
        'check: { require: [request_id], ignore: { request_id: known } }',
        'policy: { compliance_contract: maybe, allow_experimental: realtime }',
        'policy:',
      ]),
    ).toMatchInlineSnapshot(`
      "client: { timeout: 30, max_retries: -1 }
      → rollout.yml:3:20 client.timeout: 30 is not accepted; expected a duration such as 30s, 15m, 24h, 7d
      rollout.yml:3:37 client.max_retries: -1 is not accepted; expected a whole number from 0 to 20

      client: { timeout: 10ms, max_retries: 1.5 }
      → rollout.yml:3:20 client.timeout: "10ms" is not accepted; expected a duration from 1s to 1h
      rollout.yml:3:39 client.max_retries: 1.5 is not accepted; expected a whole number from 0 to 20

      check: { features: [tool, streaming, streaming] }
      → rollout.yml:3:21 check.features[0]: "tool" is not accepted; expected one of streaming, tools, structured_outputs, embeddings, responses, completions, images, audio, moderations, files, batches, assistants, vector_stores, fine_tuning, realtime, json_mode, vision, audio_input, audio_output, file_input, reasoning_effort, logprobs, logit_bias, seed, prompt_cache_key, multiple_choices, prediction, service_tier, store, previous_response_id, background, web_search, code_interpreter, image_generation, computer_use or mcp; did you mean "tools"?

      check: { features: atuo, max_cost_usd: 5% }
      → rollout.yml:3:20 check.features: "atuo" is not accepted; expected auto, or a list of features (streaming, tools, structured_outputs, embeddings, responses, completions, images, audio, moderations, files, batches, assistants, vector_stores, fine_tuning, realtime, json_mode, vision, audio_input, audio_output, file_input, reasoning_effort, logprobs, logit_bias, seed, prompt_cache_key, multiple_choices, prediction, service_tier, store, previous_response_id, background, web_search, code_interpreter, image_generation, computer_use, mcp); did you mean "auto"?
      rollout.yml:3:40 check.max_cost_usd: "5%" is not accepted; expected a number of US dollars above 0, without a unit, such as 1.5

      check: { max_cost_usd: 0, require: [Stream] }
      → rollout.yml:3:24 check.max_cost_usd: 0 is not accepted; expected a number of US dollars above 0, without a unit, such as 1.5
      rollout.yml:3:37 check.require[0]: "Stream" is not accepted; expected a probe ID such as models.substitution or request_id

      check: { ignore: { request_id: "" } }
      → rollout.yml:3:32 check.ignore.request_id: "" is not accepted; expected a reason in one sentence

      check: { require: [request_id], ignore: { request_id: known } }
      → rollout.yml:3:43 check.ignore.request_id: the probe request_id is both required and ignored; expected the ID in check.require or in check.ignore, not in both

      policy: { compliance_contract: maybe, allow_experimental: realtime }
      → rollout.yml:3:32 policy.compliance_contract: "maybe" is not accepted; expected true or false
      rollout.yml:3:59 policy.allow_experimental: "realtime" is not accepted; expected a list of API areas, such as [realtime]

      policy:
      → rollout.yml:3:1 policy: the setting is empty; expected a map with compliance_contract or allow_experimental"
    `);
  });

  it('rollout', () => {
    expect(
      withLeast([
        'rollout: { advance: automatically, on_failure: roll-back, on_blind: wait, cluster: usr }',
        'rollout: { holdback: 1, confidence: 100%, max_duration: 14 days, consecutive_errors: 0 }',
        'rollout: { holdback: 60%, notify: ["@acme/platform"], publish_names: yes }',
        'rollout: { permissions: { advance: writer, forse: admin } }',
        'rollout: { advance_window: { days: [mon-thr, 7], hours: 16-9, timezone: Europe/Berln } }',
        'rollout: { advance_window: { days: [], hours: 9 } }',
        'rollout: { stages: [5%, 99%, 100%], holdback: 5% }',
      ]),
    ).toMatchInlineSnapshot(`
      "rollout: { advance: automatically, on_failure: roll-back, on_blind: wait, cluster: usr }
      → rollout.yml:3:21 rollout.advance: "automatically" is not accepted; expected one of automatic or manual; did you mean "automatic"?
      rollout.yml:3:48 rollout.on_failure: "roll-back" is not accepted; expected one of rollback or pause; did you mean "rollback"?
      rollout.yml:3:69 rollout.on_blind: "wait" is not accepted; expected one of hold or rollback
      rollout.yml:3:84 rollout.cluster: "usr" is not accepted; expected one of task or user; did you mean "user"?

      rollout: { holdback: 1, confidence: 100%, max_duration: 14 days, consecutive_errors: 0 }
      → rollout.yml:3:22 rollout.holdback: 1 is not accepted; expected a share such as 5% or 99.5%; did you mean "1%"?
      rollout.yml:3:37 rollout.confidence: "100%" is not accepted; expected a share from 50% to 99.999%
      rollout.yml:3:57 rollout.max_duration: "14 days" is not accepted; expected a duration such as 30s, 15m, 24h, 7d; did you mean "14d"?
      rollout.yml:3:86 rollout.consecutive_errors: 0 is not accepted; expected a whole number from 1 to 1000

      rollout: { holdback: 60%, notify: ["@acme/platform"], publish_names: yes }
      → rollout.yml:3:22 rollout.holdback: "60%" is not accepted; expected a share from 0% to 50%
      rollout.yml:3:36 rollout.notify[0]: "@acme/platform" is not accepted; expected a team such as acme/platform or a user, without @
      rollout.yml:3:70 rollout.publish_names: "yes" is not accepted; expected true or false

      rollout: { permissions: { advance: writer, forse: admin } }
      → rollout.yml:3:36 rollout.permissions.advance: "writer" is not accepted; expected a minimum role (one of read, triage, write, maintain, admin), or a team such as acme/platform
      rollout.yml:3:44 rollout.permissions.forse: the key "forse" is unknown; expected one of advance, start, pause, resume, retry, rollback, force, abort, status, help; did you mean "force"?

      rollout: { advance_window: { days: [mon-thr, 7], hours: 16-9, timezone: Europe/Berln } }
      → rollout.yml:3:37 rollout.advance_window.days[0]: "mon-thr" is not accepted; expected a day (mon, tue, wed, thu, fri, sat, sun) or a range such as mon-thu
      rollout.yml:3:46 rollout.advance_window.days[1]: 7 is not accepted; expected a day (mon, tue, wed, thu, fri, sat, sun) or a range such as mon-thu
      rollout.yml:3:57 rollout.advance_window.hours: "16-9" is not accepted; expected a range of hours from 0 to 24, such as 9-16
      rollout.yml:3:73 rollout.advance_window.timezone: "Europe/Berln" is not accepted; expected a time zone such as Europe/Berlin

      rollout: { advance_window: { days: [], hours: 9 } }
      → rollout.yml:3:36 rollout.advance_window.days: an empty list is not accepted; expected at least one day
      rollout.yml:3:47 rollout.advance_window.hours: 9 is not accepted; expected a range of hours from 0 to 24, such as 9-16

      rollout: { stages: [5%, 99%, 100%], holdback: 5% }
      → rollout.yml:3:47 rollout.holdback: a holdback of 5% leaves at most 95% for the gateway, but the stage 99% needs more; expected a smaller holdback, or smaller shares before 100%"
    `);
  });

  it('measure', () => {
    expect(
      withLeast([
        'measure: {}',
        'measure: { source: promtheus, interval: 15, baseline: 2w }',
        'measure: { source: prometheus, official: openai }',
        'measure: { official: litellm, gateway: openai }',
        'measure: { official: openai, gateway: jsonl, preset: kong }',
        'measure: { source: jsonl, preset: kong, labels: { a: b } }',
        'measure: { gateway: { source: litellm, preset: kong } }',
        'measure: { source: jsonl, workflow: .github/workflows/observe.yml }',
        'measure: { source: jsonl, prices: { o3: { input: -1 } } }',
        'measure: { source: prometheus, labels: { service: 7 } }',
        'measure: { source: prometheus, series: { latncy: a, requests: null, cost: 7, failures: llm-failures } }',
        'measure: { source: prometheus, series: { requests: llm_seconds_bucket, latency: llm_seconds } }',
        'measure: { gateway: { source: prometheus, label_names: { modle: a, arm: __name__, key: a b } } }',
        'measure: { gateway: { source: litellm, series: {}, label_names: { key: null } } }',
      ]),
    ).toMatchInlineSnapshot(`
      "measure: {}
      → rollout.yml:3:10 measure: no source is set; expected source (one of prometheus, openai, litellm, new-api, openrouter, jsonl, sql), or official and gateway

      measure: { source: promtheus, interval: 15, baseline: 2w }
      → rollout.yml:3:20 measure.source: "promtheus" is not accepted; expected one of prometheus, openai, litellm, new-api, openrouter, jsonl or sql; did you mean "prometheus"?
      rollout.yml:3:41 measure.interval: 15 is not accepted; expected a duration such as 30s, 15m, 24h, 7d
      rollout.yml:3:55 measure.baseline: "2w" is not accepted; expected a duration such as 30s, 15m, 24h, 7d; did you mean "14d"?

      measure: { source: prometheus, official: openai }
      → rollout.yml:3:20 measure.source: source covers both arms, but an arm has its own source; expected either source, or official and gateway

      measure: { official: litellm, gateway: openai }
      → rollout.yml:3:22 measure.official: litellm cannot measure the official arm; expected one of prometheus, openai, jsonl, sql
      rollout.yml:3:40 measure.gateway: openai cannot measure the gateway arm; expected one of prometheus, litellm, new-api, openrouter, jsonl, sql

      measure: { official: openai, gateway: jsonl, preset: kong }
      → rollout.yml:3:54 measure.preset: preset belongs to a source, but the arms have their own sources; expected preset inside official or gateway

      measure: { source: jsonl, preset: kong, labels: { a: b } }
      → rollout.yml:3:35 measure.preset: preset is a setting of prometheus, but the source is jsonl; expected no preset, or source: prometheus
      rollout.yml:3:49 measure.labels: labels is a setting of prometheus, but the source is jsonl; expected no labels, or source: prometheus

      measure: { gateway: { source: litellm, preset: kong } }
      → rollout.yml:3:48 measure.gateway.preset: preset is a setting of prometheus, but the source is litellm; expected no preset, or source: prometheus

      measure: { source: jsonl, workflow: .github/workflows/observe.yml }
      → rollout.yml:3:37 measure.workflow: ".github/workflows/observe.yml" is not accepted; expected a workflow file name such as gateway-check.yml, without a folder

      measure: { source: jsonl, prices: { o3: { input: -1 } } }
      → rollout.yml:3:37 measure.prices.o3.output: the setting is missing; expected US dollars per million tokens: a number of at least 0
      rollout.yml:3:50 measure.prices.o3.input: -1 is not accepted; expected US dollars per million tokens: a number of at least 0

      measure: { source: prometheus, labels: { service: 7 } }
      → rollout.yml:3:51 measure.labels.service: 7 is not accepted; expected the value of the label as text

      measure: { source: prometheus, series: { latncy: a, requests: null, cost: 7, failures: llm-failures } }
      → rollout.yml:3:42 measure.series.latncy: the key "latncy" is unknown; expected one of requests, failures, latency, ttft, input_tokens, output_tokens, cached_input_tokens, cost; did you mean "latency"?
      rollout.yml:3:63 measure.series.requests: the setting is empty; expected the name of a counter as Prometheus shows it, such as llm_calls_total; it cannot be left out
      rollout.yml:3:75 measure.series.cost: 7 is not accepted; expected the name of a counter as Prometheus shows it, such as llm_calls_total, or null to leave it out
      rollout.yml:3:88 measure.series.failures: "llm-failures" is not accepted; expected the name of a counter as Prometheus shows it, such as llm_calls_total, or null to leave it out

      measure: { source: prometheus, series: { requests: llm_seconds_bucket, latency: llm_seconds } }
      → rollout.yml:3:52 measure.series.requests: "llm_seconds_bucket" is not accepted; expected the name of a counter as Prometheus shows it, such as llm_calls_total; it cannot be left out
      rollout.yml:3:81 measure.series.latency: "llm_seconds" is not accepted; expected the name of a histogram's buckets, such as llm_call_duration_seconds_bucket, or null to leave it out

      measure: { gateway: { source: prometheus, label_names: { modle: a, arm: __name__, key: a b } } }
      → rollout.yml:3:58 measure.gateway.label_names.modle: the key "modle" is unknown; expected one of arm, model, key, member, error; did you mean "model"?
      rollout.yml:3:73 measure.gateway.label_names.arm: "__name__" is not accepted; expected the name of a label, such as model, or null to leave it out
      rollout.yml:3:88 measure.gateway.label_names.key: "a b" is not accepted; expected the name of a label, such as model, or null to leave it out

      measure: { gateway: { source: litellm, series: {}, label_names: { key: null } } }
      → rollout.yml:3:48 measure.gateway.series: series is a setting of prometheus, but the source is litellm; expected no series, or source: prometheus
      rollout.yml:3:65 measure.gateway.label_names: label_names is a setting of prometheus, but the source is litellm; expected no label_names, or source: prometheus"
    `);
  });

  it('a target that would change what the App or GitHub does', () => {
    const file = (path: string, branch = 'flags') =>
      `traffic: [{ file: { path: ${path}, branch: ${branch}, set: { /a: share } } }]`;
    expect(
      withLeast([
        file('.github/workflows/deploy.json'),
        file('.github//Workflows/x/y.yml'),
        file('.github/actions/rollout/action.yml'),
        file('.github/gateway-rollout.yml'),
        file('state.json', 'gateway-rollout/shop'),
        file('x.json', 'refs/heads/Gateway-Rollout/other'),
        file('.github/share.json', 'gateway-rollouts'),
      ]),
    ).toMatchInlineSnapshot(`
      "traffic: [{ file: { path: .github/workflows/deploy.json, branch: flags, set: { /a: share } } }]
      → rollout.yml:3:27 traffic[0].file.path: .github/workflows/deploy.json is a workflow, which GitHub runs; expected a file that only your application or its platform reads

      traffic: [{ file: { path: .github//Workflows/x/y.yml, branch: flags, set: { /a: share } } }]
      → rollout.yml:3:27 traffic[0].file.path: .github//Workflows/x/y.yml is a workflow, which GitHub runs; expected a file that only your application or its platform reads

      traffic: [{ file: { path: .github/actions/rollout/action.yml, branch: flags, set: { /a: share } } }]
      → rollout.yml:3:27 traffic[0].file.path: .github/actions/rollout/action.yml is a workflow, which GitHub runs; expected a file that only your application or its platform reads

      traffic: [{ file: { path: .github/gateway-rollout.yml, branch: flags, set: { /a: share } } }]
      → rollout.yml:3:27 traffic[0].file.path: .github/gateway-rollout.yml is the config of a rollout; expected a file that only your application or its platform reads

      traffic: [{ file: { path: state.json, branch: gateway-rollout/shop, set: { /a: share } } }]
      → rollout.yml:3:47 traffic[0].file.branch: gateway-rollout/shop is for the App's own state; expected another branch, such as flags

      traffic: [{ file: { path: x.json, branch: refs/heads/Gateway-Rollout/other, set: { /a: share } } }]
      → rollout.yml:3:43 traffic[0].file.branch: refs/heads/Gateway-Rollout/other is for the App's own state; expected another branch, such as flags

      traffic: [{ file: { path: .github/share.json, branch: gateway-rollouts, set: { /a: share } } }]
      → valid"
    `);
  });

  it('traffic', () => {
    expect(
      withLeast([
        'traffic: { file: x }',
        'traffic: [{}]',
        'traffic: [{ variable: { name: A }, dispatch: { event_type: a } }]',
        'traffic: [{ file: { path: ../flags.json, set: { /a: shares } } }]',
        'traffic: [{ file: { path: /flags.json, set: {} } }]',
        'traffic: [{ file: { path: flags.json, set: { "a..b": share } } }]',
        'traffic: [{ file: { path: flags.json, set: { /a: share(o4) } } }]',
        'traffic: [{ file: { path: flags.json, set: { a: share, /a: rest } } }]',
        'traffic: [{ file: { path: a.yml, set: { "b[0]": share } } }, { file: { path: a.yml, set: { /b/0: share } } }]',
        'traffic: [{ variable: { name: gateway-share } }]',
        'traffic: [{ deployment: { timeout: 30m } }, { webhook: {} }]',
      ]),
    ).toMatchInlineSnapshot(`
      "traffic: { file: x }
      → rollout.yml:3:10 traffic: a map is not accepted; expected a list of targets: file, variable, deployment, dispatch or workflow

      traffic: [{}]
      → rollout.yml:3:11 traffic[0]: the entry names no target; expected exactly one of file, variable, deployment, dispatch or workflow in each entry

      traffic: [{ variable: { name: A }, dispatch: { event_type: a } }]
      → rollout.yml:3:11 traffic[0]: the entry names several targets; expected exactly one of file, variable, deployment, dispatch or workflow in each entry

      traffic: [{ file: { path: ../flags.json, set: { /a: shares } } }]
      → rollout.yml:3:27 traffic[0].file.path: "../flags.json" is not accepted; expected a path inside the repository, such as deploy/flags.json
      rollout.yml:3:53 traffic[0].file.set["/a"]: "shares" is not accepted; expected share, rest, fraction or shadow (percent of the requests to copy), or the value of one slice such as share(fast)

      traffic: [{ file: { path: /flags.json, set: {} } }]
      → rollout.yml:3:27 traffic[0].file.path: "/flags.json" is not accepted; expected a path inside the repository, such as deploy/flags.json
      rollout.yml:3:45 traffic[0].file.set: an empty map is not accepted; expected at least one JSON pointer or YAML path

      traffic: [{ file: { path: flags.json, set: { "a..b": share } } }]
      → rollout.yml:3:46 traffic[0].file.set["a..b"]: the key "a..b" is not accepted; expected a JSON pointer such as /flags/share/0, or a YAML path such as spec.weights[0]

      traffic: [{ file: { path: flags.json, set: { /a: share(o4) } } }]
      → rollout.yml:3:50 traffic[0].file.set["/a"]: "o4" in share(o4) is not a declared model or workload; expected one of gpt-4o-mini, o3, shadow; did you mean "share(o3)"?

      traffic: [{ file: { path: flags.json, set: { a: share, /a: rest } } }]
      → rollout.yml:3:56 traffic[0].file.set["/a"]: traffic[0].file.set.a already writes to /a in flags.json; expected one value for each pointer

      traffic: [{ file: { path: a.yml, set: { "b[0]": share } } }, { file: { path: a.yml, set: { /b/0: share } } }]
      → rollout.yml:3:92 traffic[1].file.set["/b/0"]: traffic[0].file.set["b[0]"] already writes to /b/0 in a.yml; expected one value for each pointer

      traffic: [{ variable: { name: gateway-share } }]
      → rollout.yml:3:31 traffic[0].variable.name: "gateway-share" is not accepted; expected the name of an Actions variable, such as GATEWAY_SHARE

      traffic: [{ deployment: { timeout: 30m } }, { webhook: {} }]
      → rollout.yml:3:13 traffic[0].deployment.environment: the setting is missing; expected the name of an environment, such as production
      rollout.yml:3:47 traffic[1].webhook: the key "webhook" is unknown; expected one of file, variable, deployment, dispatch, workflow"
    `);
  });
});

describe('what a setting means', () => {
  it('days wrap around the end of the week, and are in its order', () => {
    const { rollout } = valid(`${LEAST}rollout: { advance_window: { days: [sat-mon, wed], hours: 0-24 } }`);
    expect(rollout.advance_window).toEqual({
      days: ['mon', 'wed', 'sat', 'sun'],
      hours: { from: 0, to: 24 },
      timezone: 'UTC',
    });
  });

  it('a path of YAML is as good as a JSON pointer', () => {
    const { traffic } = valid(
      `${LEAST}traffic: [{ file: { path: a.yml, branch: flags, set: { "spec.rules[0].weight": rest(o3) } } }]`,
    );
    expect(traffic).toEqual([
      {
        kind: 'file',
        deployed_by: 'workflow',
        path: 'a.yml',
        branch: 'flags',
        set: [{ pointer: 'spec.rules[0].weight', value: 'rest', slice: 'o3' }],
      },
    ]);
  });
});
