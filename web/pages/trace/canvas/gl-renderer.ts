import { atlasColumns, atlasRows, drawAtlas } from "./atlas.ts";
import type { Camera, Size } from "./camera.ts";
import { edgeNumbers, markNumbers, type Inks, type Shapes } from "./gl-buffers.ts";
import { edgeCorners, edgeFragment, edgeVertex, markFragment, markVertex } from "./shaders.ts";

export type GlFrame = {
  readonly camera: Camera;
  readonly size: Size;
  readonly pixelRatio: number;
  /** Minutes of the window of time. */
  readonly span: readonly [number, number];
  /** Parts of 1. */
  readonly surface: readonly [number, number, number];
  readonly hasEdges: boolean;
};

type Layer = {
  readonly program: WebGLProgram;
  readonly array: WebGLVertexArrayObject;
  readonly shapes: WebGLBuffer;
  readonly inks: WebGLBuffer;
  readonly uniforms: ReadonlyMap<string, WebGLUniformLocation>;
  count: number;
};

const names = ["centre", "viewport", "zoom", "span", "cells", "atlas", "surface"] as const;

/**
 * Draws a picture by WebGL 2: what a picture is goes to the graphics card once; a frame sends the camera alone.
 */
export class GlRenderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #edges: Layer;
  readonly #marks: Layer;

  private constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#edges = layer(gl, [edgeVertex, edgeFragment], edgeAttributes);
    this.#marks = layer(gl, [markVertex, markFragment], markAttributes);
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, marksAtlas());
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Undefined where the browser has no WebGL 2. */
  static on(canvas: HTMLCanvasElement): GlRenderer | undefined {
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, premultipliedAlpha: true });
    return gl === null ? undefined : new GlRenderer(gl);
  }

  setShapes({ edges, marks }: Shapes): void {
    this.#edges.count = edges.length / edgeNumbers;
    this.#marks.count = marks.length / markNumbers;
    this.#fill(this.#edges.shapes, edges);
    this.#fill(this.#marks.shapes, marks);
  }

  setInks({ edges, marks }: Inks): void {
    this.#fill(this.#edges.inks, edges);
    this.#fill(this.#marks.inks, marks);
  }

  draw(frame: GlFrame): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (frame.hasEdges) this.#drawLayer(this.#edges, frame, edgeCorners);
    this.#drawLayer(this.#marks, frame, 4);
  }

  #drawLayer({ program, array, uniforms, count }: Layer, frame: GlFrame, corners: number): void {
    const gl = this.#gl;
    if (count === 0) return;
    const at = (name: (typeof names)[number]): WebGLUniformLocation | null => uniforms.get(name) ?? null;
    gl.useProgram(program);
    gl.bindVertexArray(array);
    gl.uniform2f(at("centre"), frame.camera.x, frame.camera.y);
    gl.uniform2f(at("viewport"), frame.size.width, frame.size.height);
    gl.uniform1f(at("zoom"), frame.camera.zoom);
    gl.uniform2f(at("span"), ...frame.span);
    gl.uniform2f(at("cells"), atlasColumns, atlasRows);
    gl.uniform1i(at("atlas"), 0);
    gl.uniform3f(at("surface"), ...frame.surface);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, corners, count);
  }

  #fill(buffer: WebGLBuffer, data: Float32Array | Uint8Array): void {
    const gl = this.#gl;
    gl.bindVertexArray(null);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  }
}

let atlas: HTMLCanvasElement | undefined;

/** The marks' masks, drawn once: ahead of the first picture they cost it nothing. */
export function marksAtlas(): HTMLCanvasElement {
  atlas ??= drawAtlas();
  return atlas;
}

let able: boolean | undefined;

/** Whether this browser draws by WebGL 2. */
export function hasWebgl(): boolean {
  able ??= document.createElement("canvas").getContext("webgl2") !== null;
  return able;
}

/** Names and sizes of what an instance has, in order. */
type Attributes = readonly (readonly [name: string, size: number])[];
const edgeAttributes: Attributes = [
  ["ends", 4],
  ["controls", 4],
  ["style", 4],
  ["times", 2],
];
const markAttributes: Attributes = [
  ["mark", 4],
  ["times", 2],
];

function layer(gl: WebGL2RenderingContext, sources: readonly [string, string], attributes: Attributes): Layer {
  const program = gl.createProgram();
  for (const [place, source] of sources.entries()) {
    const shader = gl.createShader(place === 0 ? gl.VERTEX_SHADER : gl.FRAGMENT_SHADER);
    if (shader === null) throw new Error("canvas: no shader can be made");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true && !gl.isContextLost()) {
      throw new Error(`canvas: ${gl.getShaderInfoLog(shader) ?? "a shader does not compile"}`);
    }
  }
  gl.linkProgram(program);
  const array = gl.createVertexArray();
  const [shapes, inks] = [gl.createBuffer(), gl.createBuffer()];
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, shapes);
  const stride = attributes.reduce((sum, [, size]) => sum + size, 0) * 4;
  let offset = 0;
  for (const [name, size] of attributes) {
    perInstance(gl, gl.getAttribLocation(program, name), (at) =>
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, stride, offset),
    );
    offset += size * 4;
  }
  gl.bindBuffer(gl.ARRAY_BUFFER, inks);
  perInstance(gl, gl.getAttribLocation(program, "colour"), (at) =>
    gl.vertexAttribPointer(at, 4, gl.UNSIGNED_BYTE, true, 4, 0),
  );
  gl.bindVertexArray(null);
  const uniforms = new Map(
    names.flatMap((name): readonly [string, WebGLUniformLocation][] => {
      const at = gl.getUniformLocation(program, name);
      return at === null ? [] : [[name, at]];
    }),
  );
  return { program, array, shapes, inks, uniforms, count: 0 };
}

function perInstance(gl: WebGL2RenderingContext, at: number, point: (at: number) => void): void {
  if (at < 0) return;
  gl.enableVertexAttribArray(at);
  point(at);
  gl.vertexAttribDivisor(at, 1);
}
