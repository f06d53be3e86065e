import{o as e}from"./measurement-figures.js";import{a as t,c as n,d as r,f as i,i as a,l as o,n as s,o as c,p as l,r as u,t as d,u as f}from"./sections.js";function p({title:e,overview:p,looks:m}){let h=m.at(-1)??null,g=p.stages.find(e=>e.stage===h?.stage)??p.stages.at(-1),[_,v]=[l(p),i(m)],y=r`${a(h)}
${n(h)}
${u(`time`,`Over time`,_)}
${u(`intervals`,`How the evidence grew`,v)}
${g===void 0?f:s(g)}
${c(p)}
${t(p)}`,{points:b}=p;return o({title:e,about:d(p),main:y,charts:[..._,...v],points:b})}function m({name:t},n,r){let i=e(n,240);if(i===null)throw RangeError(`a page needs at least one measurement`);return p({title:t===null?`Gateway rollout`:`Gateway rollout: ${t}`,overview:i,looks:r})}export{m as measurementPage};