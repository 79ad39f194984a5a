/* The statistics of src/kernel in plain C: cc -O3 -o bin/kernel kernel.c -lm; bin/kernel FILE ROUNDS
 * Reads FILE into memory once, measures it ROUNDS times in windows of 1 MiB, and prints seconds for each round. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 4096, WINDOW = 1 << 20 };

struct block { uint32_t squares, printable, zeros; double logs; };

static double c_log_c[BLOCK + 1];
static uint64_t totals[2][256];
static struct block blocks[WINDOW / BLOCK];

static int is_constant(const uint8_t *from) {
  uint64_t first, other;
  memcpy(&first, from, 8);
  if (first != from[0] * 0x0101010101010101ULL) return 0;
  for (size_t i = 8; i < BLOCK; i += 8) {
    memcpy(&other, from + i, 8);
    if (other != first) return 0;
  }
  return 1;
}

static void count(const uint8_t *from, size_t size, uint32_t bins[256]) {
  static uint32_t t[4][256];
  memset(t, 0, sizeof t);
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t w;
    memcpy(&w, from + i, 8);
    t[0][w & 255]++;
    t[1][w >> 8 & 255]++;
    t[2][w >> 16 & 255]++;
    t[3][w >> 24 & 255]++;
    t[0][w >> 32 & 255]++;
    t[1][w >> 40 & 255]++;
    t[2][w >> 48 & 255]++;
    t[3][w >> 56]++;
  }
  for (; i < size; i++) t[0][from[i]]++;
  for (int b = 0; b < 256; b++) bins[b] = t[0][b] + t[1][b] + t[2][b] + t[3][b];
}

static void reduce(const uint32_t bins[256], struct block *out) {
  uint32_t squares = 0, printable = bins[9] + bins[10] + bins[13];
  double logs[4] = {0, 0, 0, 0};
  for (int b = 0; b < 256; b++) squares += bins[b] * bins[b];
  for (int b = 32; b < 127; b++) printable += bins[b];
  for (int b = 0; b < 256; b += 4)
    for (int k = 0; k < 4; k++) logs[k] += c_log_c[bins[b + k]];
  *out = (struct block){squares, printable, bins[0], logs[0] + logs[1] + logs[2] + logs[3]};
}

static void measure(const uint8_t *from, size_t size) {
  for (size_t slot = 0; size > 0; slot++) {
    uint32_t bins[256];
    size_t n = size < BLOCK ? size : BLOCK;
    if (n == BLOCK && is_constant(from)) {
      memset(bins, 0, sizeof bins);
      bins[*from] = BLOCK;
    } else {
      count(from, n, bins);
    }
    reduce(bins, &blocks[slot]);
    int uniform = blocks[slot].squares >= 68115 && blocks[slot].squares <= 71571;
    for (int b = 0; b < 256; b++) totals[uniform][b] += bins[b];
    from += n;
    size -= n;
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(size);
  if (!bytes || fread(bytes, 1, size, file) != size) return 2;
  for (int c = 1; c <= BLOCK; c++) c_log_c[c] = c * log2(c);
  double check = 0;
  for (int round = atoi(argv[2]); round > 0; round--) {
    double start = now();
    for (size_t at = 0; at < size; at += WINDOW) {
      size_t n = size - at < WINDOW ? size - at : WINDOW;
      measure(bytes + at, n);
      check += blocks[0].logs + blocks[0].squares;
    }
    printf("%.6f\n", now() - start);
  }
  fprintf(stderr, "%f %llu\n", check, (unsigned long long)totals[1][7]);
  return 0;
}
