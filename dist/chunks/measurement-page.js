import{o as e}from"./measurement-figures.js";import{d as t,f as n,i as r,l as i,m as a,n as o,o as s,p as c,r as l,s as u,t as d,u as f}from"./sections.js";function p({title:e,overview:p,looks:m}){let h=m.at(-1)??null,g=p.stages.find(e=>e.stage===h?.stage)??p.stages.at(-1),[_,v]=[a(p),c(m)],y=n`${r(h)}
${i(h)}
${l(`time`,`Over time`,_)}
${l(`intervals`,`How the evidence grew`,v)}
${g===void 0?t:o(g)}
${u(p)}
${s(p)}`,{points:b}=p;return f({title:e,about:d(p),main:y,charts:[..._,...v],points:b})}function m({name:t},n,r){let i=e(n,240);if(i===null)throw RangeError(`a page needs at least one measurement`);return p({title:t===null?`Gateway rollout`:`Gateway rollout: ${t}`,overview:i,looks:r})}export{m as measurementPage};