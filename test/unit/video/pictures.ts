/** The first bytes of a VP8 key frame, and a content by which it can be told from others. */
export function frame({
  width,
  height,
  content = 1,
}: {
  width: number;
  height: number;
  content?: number;
}): Buffer {
  const data = Buffer.alloc(12, content);
  // A key frame that is shown: https://www.rfc-editor.org/rfc/rfc6386#section-9.1
  data.set([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a]);
  data.writeUInt16LE(width, 6);
  data.writeUInt16LE(height, 8);
  return data;
}

export function chunk(name: string, content: Buffer): Buffer {
  const header = Buffer.from(`${name}\0\0\0\0`, "latin1");
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

export function webp(...chunks: Buffer[]): Buffer {
  const content = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const header = Buffer.from("RIFF\0\0\0\0");
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}
