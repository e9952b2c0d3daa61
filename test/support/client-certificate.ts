import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A client's certificate, made for tests alone: nobody else trusts it, and its key protects nothing. */
export const CLIENT_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUffcpnflgFLR53fLUPuQTlL71P5MwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdGVzdGVyMCAXDTI2MTEyOTExNTQ0MVoYDzIxMjYxMTA1MTE1
NDQxWjARMQ8wDQYDVQQDDAZ0ZXN0ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASakIcqLnhe8KlH4FZDeGBTECSiEzaLM7tMXn0wpStrXDxi5q15N3pwi2Td16mY
l6d9ex+4RJtQcKQqndLePx5co1MwUTAdBgNVHQ4EFgQURxDK7/LYJx462OhxdTJH
L0S+8YowHwYDVR0jBBgwFoAURxDK7/LYJx462OhxdTJHL0S+8YowDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAiWOnqGlFV+3W/8x42HtvPq9rgjHa
jUFOG7GWt1e8W1gCIQCiS8QdvNMB8cbMBE4TS325nfwq7dP1uMwwgr51Weyhug==
-----END CERTIFICATE-----`;
const CLIENT_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrouuRJx4ulLeUP3W
AZ9XeQZR6GokGFYB4/AC+bI1b6uhRANCAASakIcqLnhe8KlH4FZDeGBTECSiEzaL
M7tMXn0wpStrXDxi5q15N3pwi2Td16mYl6d9ex+4RJtQcKQqndLePx5c
-----END PRIVATE KEY-----`;
/** The same as PKCS #12. */
const PFX = `MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJPAgEAMIICSAYJKoZIhvcNAQcB
MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgkdVLA7V3BRwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPnh
6cPLBa4eL9V1a7ysMdKAggHgKeqsFbDac3Jc8Ixanohi9Rjilopmkz/nhjm5VqnxHlBqwh8LnFZkKC7qlKSyyb4NsgaR8MrAMUAH
FtaDXqfhI2ubRbUiWWpb5tdABy0jIwsevWouWx+ewxnmlqU0e6PRe/NN/TXJfelWaqsvhInASGdlUF9Sov85Au7BpWGCsIx70oDE
arVBNVahyqCNz1FcHGzL7lnnxIKSqGkQcymkEbsjx5XBcWNhiWOOwDOpiw1CXSK7SGciviP25MwegxiStns1377pQ4q7e0vtTkoO
Hp7KCrDgXujOFIdpBjiGudtii8szvYA8nF2FDpBNHIdBeZs8rwWQX0kBcJCHgSiMieGzgi3jrpSN12L1u4w3BPYjDKpuhPk9LsPG
j7+0ct6GGjsMTA0tumj/9VZmJQuOESHIp3sSmVTkJ1Ft+Q3bvQ/fKNGHq1pFZJMAxuU9tYdILe7DZbM5hKPom/9PRD0l2hLDFRnN
J5d3u18OaPzYoGMScYyJ4WFCmhs6uJlP8Jo2amm2VcCDwHZw20xQH+fENYjsklZukbtws8BpIOWx7cGhODZ5JbN3yli51qmEmVtI
l4KypPVgXa3PXTJu/6YiWe/lkXy2Lhan/fwMGavMbNYHjztzZs/p93MMEi809h+YMIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEq
MIIBJgYLKoZIhvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECDM0hUPzDXreAgIIADAMBggqhkiG
9w0CCQUAMB0GCWCGSAFlAwQBKgQQnz1lxPtjzGeSuKHwtFFoMgSBkCcvsbOR8zvxHi571iGYuup6Oxio3sF4mxirq90wkmrlTlIJ
wdH9wlTakvq8kfPUcPv/rE3TrcieuCiHRhKmPLfm3ZUY6cOS8vuZ8uE0ZZb9vnxx0rAZhmQ1qb6W1JIIYxtSL4vr+qyY1qj3neH8
eDy/2bOOnP1HvA5+BYlVs6oVw9XbuICyuaJu0ycoje6o9DElMCMGCSqGSIb3DQEJFTEWBBTR992NPapjG6yXe8oF9cw28SoRwDBB
MDEwDQYJYIZIAWUDBAIBBQAEILgouGCM1KgBeHK/vSiyQHapKBTktven3fGggNvUkZsTBAiCz1PjDMYzPgICCAA=`;
export const PASSPHRASE = "open-sesame";

/** Writes the certificate's files, and a list with these entries. @returns the list's path */
export async function writeCertificates(folder: string, entries: unknown): Promise<string> {
  const list = join(folder, "certificates.json");
  await Promise.all([
    writeFile(join(folder, "me.pem"), CLIENT_CERTIFICATE),
    writeFile(join(folder, "me.key"), CLIENT_KEY),
    writeFile(join(folder, "me.pfx"), Buffer.from(PFX, "base64")),
    writeFile(list, typeof entries === "string" ? entries : JSON.stringify(entries)),
  ]);
  return list;
}
