import { isIP, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * The addresses at which clouds hand out credentials to anybody who asks from inside; no browser test needs them.
 * https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
 */
const CREDENTIAL_SERVICES = [
  // Every link-local address: AWS, Google, Azure, OpenStack, DigitalOcean, Oracle, Tencent and more are among them.
  "169.254.0.0/16",
  "fe80::/10",
  // AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  "fd00:ec2::/32",
  // Google: https://cloud.google.com/compute/docs/metadata/querying-metadata
  "fd20:ce::254/128",
  // Oracle, Scaleway and Alibaba, Azure's host agent, Oracle's older service.
  "fd00:c1::a9fe:a9fe/128",
  "fd00:42::42/128",
  "100.100.100.200/32",
  "168.63.129.16/32",
  "192.0.0.192/32",
].map((range) => ipaddr.parseCIDR(range));

const LOOPBACK = ["127.0.0.0/8", "::1/128"].map((range) => ipaddr.parseCIDR(range));

/** The unspecified addresses connect to this machine. */
const THIS_MACHINE = [...LOOPBACK, ...["0.0.0.0/8", "::/128"].map((range) => ipaddr.parseCIDR(range))];

/** Prefixes of IPv6 addresses that stand for an IPv4 address, with the byte at which that begins. */
const EMBEDDINGS = [
  // IPv4-mapped and IPv4-compatible: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5
  { range: ipaddr.parseCIDR("::ffff:0:0/96"), at: 12, flip: 0 },
  { range: ipaddr.parseCIDR("::/96"), at: 12, flip: 0 },
  // IPv4-translated: https://www.rfc-editor.org/rfc/rfc2765#section-2.1
  { range: ipaddr.parseCIDR("::ffff:0:0:0/96"), at: 12, flip: 0 },
  // NAT64: https://www.rfc-editor.org/rfc/rfc6052#section-2.1 and https://www.rfc-editor.org/rfc/rfc8215
  { range: ipaddr.parseCIDR("64:ff9b::/96"), at: 12, flip: 0 },
  { range: ipaddr.parseCIDR("64:ff9b:1::/48"), at: 12, flip: 0 },
  // 6to4 and Teredo, which writes its address inverted: RFC 3056, https://www.rfc-editor.org/rfc/rfc4380#section-4
  { range: ipaddr.parseCIDR("2002::/16"), at: 2, flip: 0 },
  { range: ipaddr.parseCIDR("2001::/32"), at: 12, flip: 0xff },
];

/** ISATAP writes this before its IPv4 address, behind any prefix: https://www.rfc-editor.org/rfc/rfc5214#section-6.1 */
const ISATAP = [0x5e, 0xfe];

/**
 * Tells if an address, in any form that it can have, belongs to a service that hands out a cloud's credentials.
 *
 * @param address an IPv4 or IPv6 address without brackets; anything else is none
 */
export function handsOutCredentials(address: string): boolean {
  return formsOf(address).some((form) => isIn(form, CREDENTIAL_SERVICES));
}

/**
 * Tells if an address is one of this machine's own: a loopback address, the unspecified one, which connects to it, or
 * that of a network interface.
 */
export function isThisMachine(address: string): boolean {
  const forms = formsOf(address);
  if (forms.some((form) => isIn(form, THIS_MACHINE))) return true;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const ownForms = new Set(own.flatMap((each) => formsOf(each.address)).map(String));
  return forms.some((form) => ownForms.has(String(form)));
}

/**
 * Tells whether a host is a name or address of this machine that nobody else can reach, as it stands: addresses that it
 * embeds or resolves to are not looked at.
 *
 * @param host an address, with or without the brackets of a URL, or a name in lower case
 */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || (isIP(address) !== 0 && isIn(ipaddr.parse(address), LOOPBACK));
}

/** An address as people know it: an IPv4 address that an IPv6 socket names gets its own form back. */
export function plainAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : address;
}

/** An IPv4 address itself, or the first 64 bits of an IPv6 address, whose owner usually has all that share them. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const half = ipaddr.IPv6.parse(plain).parts.slice(0, 4);
  return `${half.map((group) => group.toString(16)).join(":")}::/64`;
}

/** Tells if a text is an address, or a network such as `10.0.0.0/8`; one of no bits is none: it would be everybody. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const size = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (size === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= size);
}

/** The address and every IPv4 address that it stands for. */
function formsOf(text: string): Address[] {
  const bare = text.replace(/%.*$/, "");
  if (!ipaddr.isValid(bare)) return [];
  const address = ipaddr.parse(bare);
  if (address instanceof ipaddr.IPv4) return [address];
  const bytes = address.toByteArray();
  const embedded = EMBEDDINGS.filter(({ range }) => isIn(address, [range])).map(({ at, flip }) =>
    ipv4(bytes.slice(at, at + 4).map((byte) => byte ^ flip)),
  );
  const isIsatap = bytes[10] === ISATAP[0] && bytes[11] === ISATAP[1];
  // NAT64 in a network's own prefix cannot be told from other addresses: RFC 6052 puts it at the end in most.
  return [address, ...embedded, ...(isIsatap ? [ipv4(bytes.slice(12))] : [])];
}

function ipv4(bytes: number[]): ipaddr.IPv4 {
  return new ipaddr.IPv4(bytes);
}

function isIn(address: Address, ranges: [Address, number][]): boolean {
  return ranges.some((range) => address.kind() === range[0].kind() && address.match(range));
}

/** A host and a port as URLs have them: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2 */
export function authorityOf(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
