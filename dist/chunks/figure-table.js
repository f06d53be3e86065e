import{h as e}from"./amounts.js";import{o as t}from"./foreign-text.js";import{r as n}from"./markdown.js";const r=({more:t})=>t>0?`… and ${e(t)} more.`:``;function i(e,i=e=>t(e)){let a=e.rows.map(([e=``,...n])=>[i(e),...n.map(e=>t(e))]);return[n(e.head,1,a),r(e)].filter(e=>e!==``).join(`

`)}export{r as n,i as t};