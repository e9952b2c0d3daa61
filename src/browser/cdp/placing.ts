import type { Point } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import type { CdpFrame } from "./frame.js";

/** Answers how a point in the frame's viewport becomes one in its window's. */
export async function placing(frame: CdpFrame, signal: AbortSignal): Promise<(point: Point) => Point> {
  const { parent } = frame;
  if (parent === undefined) return (point) => point;
  const { backendNodeId } = await parent.session.send("DOM.getFrameOwner", { frameId: frame.id }, signal);
  const { model } = await parent.session.send("DOM.getBoxModel", { backendNodeId }, signal);
  const placeParent = await placing(processRoot(parent), signal);
  return (point) => placeParent(inBox(point, model));
}

/** The outermost frame of the same process: boxes are told in its viewport. */
function processRoot(frame: CdpFrame): CdpFrame {
  const { parent } = frame;
  return parent?.session === frame.session ? processRoot(parent) : frame;
}

/** Applies any scaling or turning of the frame's box; width and height are the ones before that. */
function inBox({ x, y }: Point, { content, border, width, height }: DevTools.DOM.BoxModel): Point {
  const [left, top] = content as Corners;
  const [x0, y0, x1, y1, , , x3, y3] = border as Corners;
  const across = { x: (x1 - x0) / width, y: (y1 - y0) / width };
  const down = { x: (x3 - x0) / height, y: (y3 - y0) / height };
  return { x: left + across.x * x + down.x * y, y: top + across.y * x + down.y * y };
}

/** A quad's four corners, from the top left on clockwise, which the protocol's types have as any list of numbers. */
type Corners = [number, number, number, number, number, number, number, number];
