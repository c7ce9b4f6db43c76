// Pictures on a canvas: upright, small, masked, without metadata. Python computes all geometry.

const FONT = "StripFont";

async function drawn(encoded, width, height) {
  const image = await createImageBitmap(new Blob([encoded]), { imageOrientation: "from-image" });
  const canvas = new OffscreenCanvas(width ?? image.width, height ?? image.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return [canvas, pen];
}

export async function pixelsOf(encoded, width, height) {
  const [canvas, pen] = await drawn(encoded, width, height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

async function jpegOf(canvas, quality) {
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: quality / 100 });
  return new Uint8Array(await blob.arrayBuffer());
}

// [JPEG, width, height] with the longest side at most `side` px.
export async function develop(raw, side, mostPixels, quality) {
  const image = await createImageBitmap(new Blob([raw]), { imageOrientation: "from-image" });
  const { width, height } = image;
  image.close();
  if (width * height > mostPixels) throw new Error("too many pixels");
  const scale = Math.min(1, side / Math.max(width, height));
  const [w, h] = [width, height].map(length => Math.max(1, Math.floor(length * scale)));
  const [canvas] = await drawn(raw, w, h);
  return [await jpegOf(canvas, quality), w, h];
}

// Pixelates each of `masks` ([left, top, right, bottom, columns, rows] in px), writes the strip, and
// encodes to at most `most` bytes: lower qualities first, then a smaller picture.
export async function masked(jpeg, masks, strip, most, qualities, shrink) {
  let [canvas, pen] = await drawn(jpeg);
  for (const mask of masks) pixelate(pen, ...mask);
  if (strip) await write(canvas, pen, strip);
  for (;;) {
    for (const quality of qualities) {
      const encoded = await jpegOf(canvas, quality);
      if (encoded.length <= most) return [encoded, canvas.width, canvas.height];
    }
    const smaller = new OffscreenCanvas(Math.ceil(canvas.width * shrink), Math.ceil(canvas.height * shrink));
    pen = smaller.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(canvas, 0, 0, smaller.width, smaller.height);
    canvas = smaller;
  }
}

// Exact means, block by block: no browser's smoothing is trusted here.
function pixelate(pen, left, top, right, bottom, columns, rows) {
  const width = right - left, height = bottom - top, image = pen.getImageData(left, top, width, height), { data } = image;
  const edge = (n, of, length) => Math.floor(n * length / of);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
    const xs = [edge(column, columns, width), edge(column + 1, columns, width)];
    const ys = [edge(row, rows, height), edge(row + 1, rows, height)];
    const sums = [0, 0, 0], count = (xs[1] - xs[0]) * (ys[1] - ys[0]);
    const each = work => { for (let y = ys[0]; y < ys[1]; y++) for (let x = xs[0]; x < xs[1]; x++) work(4 * (y * width + x)); };
    each(at => { for (let c = 0; c < 3; c++) sums[c] += data[at + c]; });
    each(at => { for (let c = 0; c < 3; c++) data[at + c] = Math.round(sums[c] / count); });
  }
  pen.putImageData(image, left, top);
}

// `strip` is [text, size, top, x, most px wide]: white on black along the lower edge.
async function write(canvas, pen, [text, size, top, x, most]) {
  if (![...self.fonts].some(face => face.family === FONT)) {
    const face = new FontFace(FONT, `url(${new URL("./assets/fonts/NotoSansSC-Regular.ttf", import.meta.url)})`);
    self.fonts.add(await face.load());
  }
  pen.fillStyle = "black";
  pen.fillRect(0, top, canvas.width, canvas.height - top);
  pen.fillStyle = "white";
  pen.textBaseline = "middle";
  pen.font = `${size}px ${FONT}`;
  pen.fillText(text, x, (top + canvas.height) / 2, most);
}
