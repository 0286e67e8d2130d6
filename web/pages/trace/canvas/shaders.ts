/** Programs of the canvas, WebGL 2. Positions are pixels of the picture; y downwards. */

const camera = `
uniform vec2 centre;
uniform vec2 viewport;
uniform float zoom;
uniform vec2 span;
vec4 onScreen(vec2 at) {
  vec2 clip = (at - centre) * zoom * 2.0 / viewport;
  return vec4(clip.x, -clip.y, 0.0, 1.0);
}
bool isOutside(vec2 times) {
  return times.y < span.x || times.x > span.y;
}
`;

/** Steps along an edge, between which it is straight. */
export const edgeSteps = 14;
/** What is drawn of an edge: two corners at each step. */
export const edgeCorners = (edgeSteps + 1) * 2;

/** Kinds of routes, as the shader knows them. */
export const routeKinds = { straight: 0, step: 1, curve: 2 } as const;
export const strokeKinds = { plain: 0, dotted: 1 } as const;

export const edgeVertex = `#version 300 es
${camera}
in vec4 ends;
in vec4 controls;
in vec4 style;
in vec2 times;
in vec4 colour;
out vec4 inked;
out float along;
flat out float stroke;
const float steps = ${edgeSteps}.0;
vec2 corner(int place) {
  if (place <= 0) return ends.xy;
  if (place == 1) return vec2(controls.x, ends.y);
  if (place == 2) return vec2(controls.x, ends.w);
  return ends.zw;
}
vec2 unit(vec2 way) {
  float size = length(way);
  return size < 0.0001 ? vec2(0.0) : way / size;
}
void main() {
  int place = gl_VertexID / 2;
  float side = gl_VertexID % 2 == 0 ? -1.0 : 1.0;
  float t = float(place) / steps;
  vec2 at;
  vec2 normal;
  float far = 0.0;
  if (style.x == 2.0) {
    float back = 1.0 - t;
    at = back * back * back * ends.xy + 3.0 * back * back * t * controls.xy + 3.0 * back * t * t * controls.zw + t * t * t * ends.zw;
    vec2 way = unit(back * back * (controls.xy - ends.xy) + 2.0 * back * t * (controls.zw - controls.xy) + t * t * (ends.zw - controls.zw));
    normal = vec2(-way.y, way.x);
    far = t * length(ends.zw - ends.xy);
  } else if (style.x == 1.0) {
    int one = min(place, 3);
    at = corner(one);
    vec2 before = unit(at - corner(one - 1));
    vec2 after = unit(corner(one + 1) - at);
    if (one == 0 || length(before) == 0.0) before = after;
    if (one == 3 || length(after) == 0.0) after = before;
    vec2 mitre = vec2(-before.y, before.x) + vec2(-after.y, after.x);
    float size = dot(mitre, mitre);
    normal = size < 0.0001 ? vec2(-after.y, after.x) : mitre * 2.0 / size;
    for (int leg = 1; leg <= 3; leg++) if (leg <= one) far += length(corner(leg) - corner(leg - 1));
  } else {
    at = mix(ends.xy, ends.zw, t);
    vec2 way = unit(ends.zw - ends.xy);
    normal = vec2(-way.y, way.x);
    far = t * length(ends.zw - ends.xy);
  }
  float width = max(style.y * zoom, 1.0);
  gl_Position = isOutside(times) ? vec4(2.0, 2.0, 2.0, 1.0) : onScreen(at + normal * side * width * 0.5 / zoom);
  inked = vec4(colour.rgb * colour.a, colour.a);
  along = far * zoom;
  stroke = style.z;
}
`;

export const edgeFragment = `#version 300 es
precision mediump float;
in vec4 inked;
in float along;
flat in float stroke;
out vec4 pixel;
void main() {
  if (stroke == 1.0 && mod(along, 6.0) > 2.5) discard;
  pixel = inked;
}
`;

/** A mark is never drawn smaller than this, in pixels of the screen. */
export const markLeast = 4;

export const markVertex = `#version 300 es
${camera}
in vec4 mark;
in vec2 times;
in vec4 colour;
uniform vec2 cells;
out vec2 place;
out vec4 inked;
void main() {
  vec2 corner = vec2(float(gl_VertexID % 2), float(gl_VertexID / 2));
  // As markScale.
  float scale = zoom >= 1.0 ? zoom : zoom >= 0.25 ? sqrt(zoom) : zoom * 2.0;
  float size = max(mark.z * scale, ${markLeast}.0) * 1.25;
  gl_Position = isOutside(times) ? vec4(2.0, 2.0, 2.0, 1.0) : onScreen(mark.xy + (corner - 0.5) * size / zoom);
  vec2 cell = vec2(mod(mark.w, cells.x), floor(mark.w / cells.x));
  place = (cell + corner) / cells;
  inked = colour;
}
`;

/** The atlas has where a mark has its own colour in red, where the surface's in green. */
export const markFragment = `#version 300 es
precision mediump float;
in vec2 place;
in vec4 inked;
uniform sampler2D atlas;
uniform vec3 surface;
out vec4 pixel;
void main() {
  vec4 ink = texture(atlas, place);
  pixel = vec4(inked.rgb * ink.r + surface * ink.g, ink.a) * inked.a;
}
`;
