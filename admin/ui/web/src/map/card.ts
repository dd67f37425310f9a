// Stamping with a graphics card: WebGL draws all images by one call.
import { STAMP, type Press, type Sheet } from './stamps';

const VERTEX = `#version 300 es
uniform vec2 size, sheet;
uniform float side;
in vec4 stamp;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 p = (floor(stamp.xy - side / 2.0 + 0.5) + corner * side) / size; // whole pixels: the images stay sharp
  gl_Position = vec4(2.0 * p.x - 1.0, 1.0 - 2.0 * p.y, 0, 1);
  at = (stamp.zw + corner) * side / sheet;
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
uniform sampler2D images;
in highp vec2 at;
out vec4 colour;
void main() { colour = texture(images, at); }`;

/** The names of programs that play a card: Chromium's, Mesa's, and that of Windows. */
const PLAYED = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export class Card implements Press {
  broken = false;
  private textures = new Map<HTMLCanvasElement, WebGLTexture>();
  private room = 0;

  /** undefined where there is no card: a program that plays one is slower than copying. */
  static of(canvas: HTMLCanvasElement): Card | undefined {
    // Asked of a canvas of its own, since one that was asked for WebGL may have no other context.
    const asked = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
    const names = asked?.getExtension('WEBGL_debug_renderer_info');
    const played = !asked || PLAYED.test(String(asked.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : asked.RENDERER)));
    asked?.getExtension('WEBGL_lose_context')?.loseContext();
    const gl = !played && canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false });
    const program = gl ? gl.createProgram() : null;
    return gl && program ? new Card(canvas, gl, program) : undefined;
  }

  private constructor(private canvas: HTMLCanvasElement, private gl: WebGL2RenderingContext, private program: WebGLProgram) {
    canvas.addEventListener('webglcontextlost', () => { this.broken = true; });
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    const place = gl.getAttribLocation(program, 'stamp');
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, STAMP, gl.FLOAT, false, 0, 0);
    gl.vertexAttribDivisor(place, 1);
  }

  wipe() {
    this.gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
  }

  put(sheet: Sheet, stamps: Float32Array, n: number) {
    const { gl, canvas, program } = this, to = (name: string) => gl.getUniformLocation(program, name);
    gl.uniform2f(to('size'), canvas.width, canvas.height);
    gl.uniform2f(to('sheet'), sheet.image.width, sheet.image.height);
    gl.uniform1f(to('side'), sheet.side);
    this.take(sheet.image);
    if (n > this.room) {
      this.room = stamps.length / STAMP;
      gl.bufferData(gl.ARRAY_BUFFER, stamps, gl.DYNAMIC_DRAW);
    } else {
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, stamps.subarray(0, n * STAMP));
    }
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, n);
  }

  show() { /* what was drawn is shown at the end of the turn */ }

  close() { this.gl.getExtension('WEBGL_lose_context')?.loseContext(); }

  private take(image: HTMLCanvasElement) {
    const { gl, textures } = this, known = textures.get(image);
    if (known) { gl.bindTexture(gl.TEXTURE_2D, known); return; }
    if (textures.size > 8) { // the scheme or the screen changed many times
      textures.forEach((t) => gl.deleteTexture(t));
      textures.clear();
    }
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    for (const how of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, how, gl.NEAREST);
    for (const way of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, way, gl.CLAMP_TO_EDGE);
    textures.set(image, texture);
  }
}
