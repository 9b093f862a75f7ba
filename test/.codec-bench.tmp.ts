import { versions, versionByNumber } from "/work/main/src/ocpi/versions.ts";
import { lint } from "/work/main/src/ocpi/lint.ts";
import * as v from "valibot";
const mk=(n:number)=>({ country_code:"NL", party_id:"TNM", id:"LOC1", publish:true, name:"Name", address:"Stationsplein 1", city:"Utrecht", postal_code:"3511", country:"NLD", coordinates:{latitude:"52.089200",longitude:"5.110300"}, time_zone:"Europe/Amsterdam", parking_type:"ON_STREET", operator:{name:"Op", website:"https://x.example"}, opening_times:{twentyfourseven:true}, facilities:["HOTEL","CAFE"],
 evses: Array.from({length:n},(_,i)=>({uid:"E"+i, evse_id:"NL*TNM*E"+i, status:"AVAILABLE", capabilities:["RFID_READER","REMOTE_START_STOP_CAPABLE"], physical_reference:"1", last_updated:"2026-03-01T10:00:00Z", connectors:[1,2].map(c=>({id:String(c), standard:"IEC_62196_T2", format:"SOCKET", power_type:"AC_3_PHASE", max_voltage:230, max_amperage:32, tariff_ids:["T1"], last_updated:"2026-03-01T10:00:00Z"}))})), last_updated:"2026-03-01T10:00:00Z"});
const loc = mk(3);
const bench=(name:string, f:()=>unknown, n=20000)=>{ for(let i=0;i<3000;i++) f(); const t=process.cpuUsage().user; for(let i=0;i<n;i++) f(); console.log(name.padEnd(40), ((process.cpuUsage().user-t)/n).toFixed(1),"µs"); };
const newest = versionByNumber("2.3.0")!;
console.log("bytes", JSON.stringify(loc).length);
bench("JSON.parse", ()=>JSON.parse(JSON.stringify(loc)));
for (const V of versions) {
  const c = V.codecs.Location;
  const d = c.down(loc as any,{origin:"2.3.0"});
  const w = d.wire!;
  bench(`${V.number} down (from 2.3.0)`, ()=>c.down(loc as any,{origin:"2.3.0"}));
  const m = c.up(w,{owner:{country_code:"NL",party_id:"TNM"}});
  bench(`${V.number} relay`, ()=>c.down(m,{origin:V.number}));
  bench(`${V.number} up`, ()=>c.up(w,{owner:{country_code:"NL",party_id:"TNM"}}));
  bench(`${V.number} parse`, ()=>c.parse(w));
  bench(`${V.number} lint`, ()=>lint(V,"Location",w));
}
bench("valibot safeParse 2.3.0", ()=>v.safeParse(newest.codecs.Location.schema, loc), 5000);
