function e(e,t=`

`){return e.filter(Boolean).join(t)}function t(e){return e.map(e=>`- ${e}`).join(`
`)}function n(e,t,n){return[e,e.map((e,n)=>n<t?`:--`:`--:`),...n].map(e=>`| ${e.join(` | `)} |`).join(`
`)}export{e as n,n as r,t};