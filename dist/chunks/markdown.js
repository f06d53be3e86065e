function e(e){return e.map(e=>`- ${e}`).join(`
`)}function t(e,t,n){return[e,e.map((e,n)=>n<t?`:--`:`--:`),...n].map(e=>`| ${e.join(` | `)} |`).join(`
`)}export{t as n,e as t};