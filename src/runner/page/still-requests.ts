/** Requests to still a page for pictures, and the answers to them. Plain data both ways. */

/** A request to still a page. */
export interface StillRequest {
  /** True when the window is scrolled to its top for now. */
  atTop: boolean;
}

/** The facts that turn CSS pixels into those of a picture. */
export interface Still {
  /** Width of the outermost window's viewport in CSS pixels; missing where that is of another origin. */
  width: number | undefined;
  /** Physical pixels to a CSS pixel. */
  scale: number;
}
