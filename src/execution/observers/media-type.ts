/** Classic WebDriver takes nothing but PNG. By the signature: https://www.w3.org/TR/png-3/#3PNGsignature */
export function mediaTypeOf(picture: Uint8Array): "image/jpeg" | "image/png" {
  return picture[0] === 0x89 && picture[1] === 0x50 ? "image/png" : "image/jpeg";
}
