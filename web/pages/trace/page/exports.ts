import { withDescription } from "./png-text.ts";

/** Browsers draw no larger canvas than this. */
const pixelsMax = 16_000;

/** An SVG as PNG, twice as fine. @param said - What it is, for who finds the file. @returns Undefined where it is too large. */
export async function pngOf(svg: string, said: string): Promise<Blob | undefined> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const [width, height] = [image.naturalWidth * 2, image.naturalHeight * 2];
    if (width > pixelsMax || height > pixelsMax) return undefined;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (drawn === null) return undefined;
    const described = withDescription(new Uint8Array(await drawn.arrayBuffer()), said);
    return new Blob([described], { type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Gives a file to the browser. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
