/** Where one looks: the point of the picture in the middle of the screen, and pixels of the screen for one of the picture. */
export type Camera = { readonly x: number; readonly y: number; readonly zoom: number };

export type Size = { readonly width: number; readonly height: number };
type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

export const zoomMost = 4;
const zoomLeast = 0.002;
/** Kept free around what is fitted: the axis above, labels to the right. */
const edges = { left: 40, top: 56, right: 140, bottom: 32 } as const;

export function clampZoom(zoom: number): number {
  return Math.min(zoomMost, Math.max(zoomLeast, zoom));
}

/** All of a picture, at most as large as at zoom 1. */
export function fitted(box: Box, { width, height }: Size): Camera {
  const [roomX, roomY] = [
    Math.max(40, width - edges.left - edges.right),
    Math.max(40, height - edges.top - edges.bottom),
  ];
  const zoom = clampZoom(
    Math.min(1, roomX / Math.max(1, box.right - box.left), roomY / Math.max(1, box.bottom - box.top)),
  );
  return {
    zoom,
    x: (box.left + box.right) / 2 + (edges.right - edges.left) / 2 / zoom,
    y: (box.top + box.bottom) / 2 + (edges.bottom - edges.top) / 2 / zoom,
  };
}

/** Where one begins: all of it where its names can still be read, else its beginning. */
export function opening(box: Box, size: Size): Camera {
  const whole = fitted(box, size);
  if (whole.zoom >= 0.5) return whole;
  const zoom = Math.min(1, Math.max(0.5, fitted({ ...box, bottom: box.top + 1 }, size).zoom));
  return {
    zoom,
    x: box.left + (size.width / 2 - edges.left) / zoom,
    y: box.top + (size.height / 2 - edges.top) / zoom,
  };
}

/** Zooms so that what is at a point of the screen stays there. */
export function zoomedAt(camera: Camera, factor: number, point: readonly [number, number], size: Size): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const [x, y] = worldOf(camera, point, size);
  return { zoom, x: x - (point[0] - size.width / 2) / zoom, y: y - (point[1] - size.height / 2) / zoom };
}

/** Moves by pixels of the screen. */
export function panned(camera: Camera, right: number, down: number): Camera {
  return { ...camera, x: camera.x + right / camera.zoom, y: camera.y + down / camera.zoom };
}

export function worldOf(
  { x, y, zoom }: Camera,
  point: readonly [number, number],
  { width, height }: Size,
): readonly [number, number] {
  return [x + (point[0] - width / 2) / zoom, y + (point[1] - height / 2) / zoom];
}

export function screenOf(
  { x, y, zoom }: Camera,
  at: { readonly x: number; readonly y: number },
  { width, height }: Size,
): readonly [number, number] {
  return [(at.x - x) * zoom + width / 2, (at.y - y) * zoom + height / 2];
}

/** The same view where a point is well inside the screen; otherwise moved just so far that it is. */
export function showing(camera: Camera, at: { readonly x: number; readonly y: number }, size: Size): Camera {
  const [x, y] = screenOf(camera, at, size);
  const beyond = (value: number, low: number, high: number): number =>
    Math.min(0, value - low) + Math.max(0, value - high);
  return panned(camera, beyond(x, 60, Math.max(61, size.width - 160)), beyond(y, 72, Math.max(73, size.height - 48)));
}
