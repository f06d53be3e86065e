import{t as e}from"./overview.js";import{a as t,i as n,t as r}from"./measurement-tables.js";import{a as i,c as a,i as o,l as s,n as c,o as l,r as u,s as d,t as f,u as p}from"./sections.js";function m({title:e,overview:m,looks:h}){let g=h.at(-1)??null,_=m.stages.find(e=>e.stage===g?.stage)??m.stages.at(-1),v=n(m),[y,b]=[p(m),s(h)],x=a`${c(g)}
${i(g)}
${f(`time`,`Over time`,y)}
${f(`intervals`,`Confidence intervals over time`,b)}
${_===void 0?d:u(`arms`,r(_))}
${v===null?d:u(`stages`,v)}
${o(m)}`,S=a`<p class="about">${t(m)}</p>`;return l({title:e,about:S,main:x,charts:[...y,...b],points:m.points})}function h({name:t},n,r){let i=e(n,240);if(i===null)throw RangeError(`a page needs at least one measurement`);return m({title:t===null?`Gateway rollout`:`Gateway rollout: ${t}`,overview:i,looks:r})}export{h as measurementPage};