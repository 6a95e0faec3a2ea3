#ifndef HEYI_CZLIB_H
#define HEYI_CZLIB_H
#include <zlib.h>

/* zlib's initialisers are macros that pass its version on, which Swift cannot call. */

/* window_bits: -15 for raw deflate as in ZIP files, 15 + 16 for gzip. */
static inline int heyi_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

static inline int heyi_deflate_init(z_stream *stream, int window_bits) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
#endif
