import{o as e}from"./rolldown-runtime.js";import{t}from"./hosts.js";import{i as n}from"./settings2.js";import{n as r,r as i}from"./terminal.js";import{t as a}from"./dist.js";import{a as o}from"./url.js";import{createInterface as s}from"node:readline/promises";var c=/* @__PURE__ */ e(a(),1);function l(e,t){let n=(0,c.parseDocument)(e);for(let[e,r]of t)r===void 0?n.deleteIn(e):n.setIn(e,typeof r==`string`?r:n.createNode(r));return(0,c.visit)(n,{Seq:(e,t)=>{t.items.every(e=>typeof Object(e).value==`string`)&&(t.flow=!0)}}),n.toString({lineWidth:0})}const u={prometheus:`name: Gateway observe
on:
  schedule: [{ cron: "*/15 * * * *" }]
  workflow_dispatch:
permissions: { contents: read, actions: read } # actions: the measurement of the last run
concurrency: gateway-observe # one window after the other
jobs:
  observe:
    runs-on: ubuntu-latest # or a self-hosted runner, if Prometheus isn't reachable from outside
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - uses: gateway-rollout/gateway-rollout@v0
        with:
          command: observe
          prometheus-url: \${{ vars.PROMETHEUS_URL }}
          prometheus-token: \${{ secrets.PROMETHEUS_TOKEN }}
`,jsonl:`name: Gateway observe
on:
  schedule: [{ cron: "*/15 * * * *" }]
  workflow_dispatch:
permissions: { contents: read, actions: read } # actions: the measurement of the last run
concurrency: gateway-observe # one window after the other
jobs:
  observe:
    runs-on: ubuntu-latest # or a self-hosted runner, if the records aren't reachable from outside
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - run: ./deploy/fetch-records records/ # your script: it fetches the records of the last hours
      - uses: gateway-rollout/gateway-rollout@v0
        with:
          command: observe
          measure-jsonl: records
`},d=`.github/gateway-rollout.yml`,f=[`file`,`variable`,`workflow`,`dispatch`];function p(e){let{gateway:t,models:n,target:r,share:i,app:a,measure:s,stages:c,branch:f,ref:p}=e,g=(e,...t)=>l(e.replaceAll(`@v0`,`@${p}`).replaceAll(`/v0/`,`/${p.split(` `)[0]}/`),t),v=c.some(e=>e.startsWith(`shadow`)),b=[`Gateway check`,`Gateway observe`,...r===`workflow`?[`Gateway traffic`]:[]],x=[`on`,`push`,`branches`];return{[d]:g(`# yaml-language-server: $schema=https://raw.githubusercontent.com/gateway-rollout/gateway-rollout/v0/dist/gateway-rollout.schema.json
# Every setting: https://github.com/gateway-rollout/gateway-rollout/blob/v0/src/config/README.md

# The OpenAI-compatible endpoint that you move to. Its key is never written here.
gateway:
  base_url: https://gateway.example/v1

# The models in use, named as in your code. For other names on the gateway, write a map: { name in your code: name there }
models: []

rollout:
  # Percent of traffic on the gateway. local and staging wait for approval; later stages advance when their gate passes.
  stages: []
  gates:
    # The newest run of this workflow on the default branch must have succeeded.
    local: { workflows: [gateway-check.yml] }

# Where measurements of both arms come from.
measure:
  source: prometheus
  # The workflow that measures. The rollout starts it when a window is due.
  workflow: gateway-observe.yml

# Where the share is written when a stage begins.
traffic: []
`,[[`gateway`,`base_url`],t],[[`models`],n],[[`rollout`,`stages`],c],[[`measure`],{...s,workflow:`gateway-observe.yml`}],[[`traffic`],h(e,v)]),...r===`file`&&{[i]:`{ "gateway": 0${v?`, "shadow": 0`:``} }\n`},[m(`check`)]:g(`name: Gateway check
on:
  pull_request:
  push: { branches: [main] }
permissions: { contents: read } # it needs nothing else
jobs:
  check:
    runs-on: ubuntu-latest # or a self-hosted runner, for a gateway inside your network
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - uses: gateway-rollout/gateway-rollout@v0
        with:
          trusted-origins: https://gateway.example # the gateway of the config; no other host gets the key
          api-key: \${{ secrets.GATEWAY_API_KEY }}
          official-api-key: \${{ secrets.OPENAI_API_KEY }} # optional: compares both arms
`,[x,[f]],[[`jobs`,`check`,`steps`,1,`with`,`trusted-origins`],o(t)]),[m(`observe`)]:g(u[s.source]),[m(`rollout`)]:g(`name: Gateway rollout
on:
  schedule: [{ cron: "*/10 * * * *" }] # finds what other runs missed
  issue_comment: { types: [created] }
  issues: { types: [edited, closed, reopened, deleted, transferred, unlocked] }
  push: { branches: [main] }
  pull_request_target:
  workflow_run: { workflows: [Gateway check, Gateway observe, Gateway traffic], types: [completed] }
  deployment_status:
  workflow_dispatch:
permissions: # of the job's own token; nothing is checked out
  contents: write # reads configs, writes the state's branch and the file with the share
  issues: write # the rollout's issue
  checks: write # the check run on pull requests
  actions: write # starts the workflows that measure and move traffic
  pull-requests: read
concurrency: { group: gateway-rollout, queue: max }
jobs:
  rollout:
    # Skip the rollout's own changes.
    if: github.event.sender.type != 'Bot' || contains(fromJSON('["workflow_run", "deployment_status"]'), github.event_name)
    runs-on: ubuntu-latest
    environment: gateway-rollout # restricted to the default branch
    steps:
      - uses: gateway-rollout/gateway-rollout@v0
        with:
          command: app
          state-key: \${{ secrets.ROLLOUT_STATE_KEY }}
`,[x,[f]],[[`on`,`workflow_run`,`workflows`],b],...a===!0?_:[]),...r===`workflow`&&{[m(`traffic`)]:`name: Gateway traffic
run-name: \${{ inputs.share }} % on the gateway
on:
  workflow_dispatch:
    inputs:
      share: { description: Percent of traffic on the gateway, required: true }
      payload: { description: All shares as JSON }
concurrency: { group: gateway-traffic, cancel-in-progress: true } # a rollback cancels an advance
permissions: { contents: read }
jobs:
  move:
    runs-on: ubuntu-latest
    env:
      SHARE: \${{ inputs.share }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - run: ./deploy/set-share "$SHARE" # your script: it sets the share in production, and fails if it can't
`},...r===`dispatch`&&{[m(`traffic`)]:l(`name: Gateway traffic
run-name: \${{ inputs.share }} % on the gateway
on:
  workflow_dispatch:
    inputs:
      share: { description: Percent of traffic on the gateway, required: true }
      payload: { description: All shares as JSON }
concurrency: { group: gateway-traffic, cancel-in-progress: true } # a rollback cancels an advance
permissions: { contents: read }
jobs:
  move:
    runs-on: ubuntu-latest
    env:
      SHARE: \${{ inputs.share }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: { persist-credentials: false }
      - run: ./deploy/set-share "$SHARE" # your script: it sets the share in production, and fails if it can't
`,y)}}}const m=e=>`.github/workflows/gateway-${e}.yml`;function h({target:e,share:t,app:n},r){return{file:[{file:{path:t,...n===!1&&{deployed_by:`pull`},set:{"/gateway":`share`,...r&&{"/shadow":`shadow`}}}}],variable:[{variable:{name:`GATEWAY_SHARE`}},...r?[{variable:{name:`GATEWAY_COPIES`,value:`shadow`}}]:[]],workflow:[{workflow:{file:`gateway-traffic.yml`}}],dispatch:[{dispatch:{event_type:`gateway-rollout`}}]}[e]}const g=[`jobs`,`rollout`,`steps`,0,`with`],_=[[[`permissions`],{}],[[...g,`app-id`],"${{ vars.ROLLOUT_APP_ID }}"],[[...g,`app-private-key`],"${{ secrets.ROLLOUT_APP_KEY }}"]],v="${{ github.event.client_payload.shares.everything }}",y=[[[`on`],{repository_dispatch:{types:[`gateway-rollout`]}}],[[`run-name`],`${v} % on the gateway`],[[`jobs`,`move`,`env`,`SHARE`],v]],b={models:[`The models that your code uses, separated by commas`,()=>null],gateway:[`The gateway's base URL`,t],target:[`Where to write the share of traffic (${f.join(`, `)})`,e=>f.some(t=>t===e)?null:`is not one of ${f.join(`, `)}`],pulled:[`Does something pull the file with the share from the branch, such as Argo CD, Flux or Vercel (yes, no)`,e=>/^(yes|no)$/.test(e)?null:`is not yes or no`],prometheus:[`The URL of Prometheus, to find your metrics (empty: later)`,t],tasks:[`How often your product calls a model a day, about (empty: unknown)`,e=>/^\d{1,9}$/.test(e)?null:`is not a whole number`]};function x(e){let t=Object.entries(b).flatMap(([t,[,r]])=>{let i=n(e[t]),a=i===null?null:r(i.trim());return a===null?[]:[`--${t} ${a}.`]});return e.target===`variable`&&e.app===!1?[...t,`--target variable needs a GitHub App, so leave out --no-app.`]:t}async function S(e,{ask:t,terminal:r},a,o,s=``){let c=n(e[a]);if(c!==null)return c.trim();let[l,u]=b[a];return t===null?(s!==``&&i(r.stderr)(`note`,s),o):t(l,o,e=>e===o?null:u(e))}const C=()=>process.exit(130);function w({stdin:e,stderr:t,env:n}){return e.isTTY!==!0||!r(t,n)?null:async function n(r,i,a){let o=s({input:e,output:t}).once(`close`,C),c=await o.question(`${r}${i===``?``:` [${i}]`}: `);o.off(`close`,C).close();let l=c.trim()||i,u=a(l);return u===null?l:(t.write(`This ${u}.\n`),n(r,i,a))}}export{p as a,d as i,x as n,w as r,S as t};