import{h as e}from"./amounts.js";import{n as t,t as n}from"./fidelity.js";import{n as r,r as i,t as a}from"./fidelity-sentences.js";import{c as o,d as s,l as c,r as l,u}from"./sections.js";const d={"other-model":`rollback`,differs:`hold`,indistinguishable:`advance`,"no-power":`hold`};function f(e){let s=r(e).map(e=>u`<li>${e}</li>`),f=u`<section class="decision ${d[e.verdict]}" aria-label="Result">
<p class="sentence">${t(e)}</p>
<p>${n(e)}</p>
</section>
${l(`compared`,i(e))}
${m(e)}
<section><h2>What was asked</h2><p class="about">Each question to both sides at the same moment, in random order.</p><ul>${s}</ul></section>
<p class="about">${a(e)}</p>`;return o({title:`Is it the same model? ${e.model.name}`,about:c,main:f})}const p=1e3;function m({trace:t,sibling:n}){let r=t.at(-1)?.gateway.pairs??0,i=t[0]?.gateway.pairs??0;if(r===i)return c;let a=e=>Math.round(700*(6-Math.max(-1,Math.min(6,e)))/7),o=e=>Math.round(p*(e-i)/(r-i)),l=e=>u`<polyline class="${e}" points="${s(t.map(t=>`${o(t.gateway.pairs)},${a(t[e].log10E)}`).join(` `))}"/>`,d=e=>{let t=a(Math.log10(e));return u`<line class="limit" x1="0" x2="${p}" y1="${t}" y2="${t}"/>`};return u`<section aria-labelledby="evidence"><h2 id="evidence">Evidence over the pairs</h2>
<p class="about">That the answers come from different models, on a logarithmic scale: 20 warns, 1,000 proves.</p>
<p class="legend"><span class="key gateway">gateway</span> <span class="key control">the official API again</span> <span class="key sibling">official ${n}</span></p>
<div class="evidence"><svg viewBox="0 0 ${p} ${700}" preserveAspectRatio="none" role="img" aria-label="Evidence over the pairs. The table above has its last values.">${d(20)}${d(1e3)}${l(`sibling`)}${l(`control`)}${l(`gateway`)}</svg>
<span class="at-20" aria-hidden="true">20</span><span class="at-1000" aria-hidden="true">1,000</span></div>
<p class="ends" aria-hidden="true"><span>${e(i)} pairs</span><span>${e(r)} pairs</span></p></section>`}export{f as fidelityPage};