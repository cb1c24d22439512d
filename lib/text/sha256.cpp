#include "text/sha256.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace dockhew::inline text {
namespace {

constexpr std::size_t block_size = 64;

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and, below, of the square roots
// of the first 8.
constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;
constexpr State first_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t word_at(std::string_view bytes, std::size_t place) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = (word << 8U) | static_cast<unsigned char>(bytes[place + i]);
  return word;
}

void add_block(State& state, std::string_view block) {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < 16; ++i) words[i] = word_at(block, i * 4);
  for (std::size_t i = 16; i < words.size(); ++i) {
    const auto early = std::rotr(words[i - 15], 7) ^ std::rotr(words[i - 15], 18) ^ (words[i - 15] >> 3U);
    const auto late = std::rotr(words[i - 2], 17) ^ std::rotr(words[i - 2], 19) ^ (words[i - 2] >> 10U);
    words[i] = words[i - 16] + early + words[i - 7] + late;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto sum_of_e = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const auto first = h + sum_of_e + ((e & f) ^ (~e & g)) + round_constants[i] + words[i];
    const auto sum_of_a = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const auto second = sum_of_a + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  const State added = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += added[i];
}

}  // namespace

Sha256::Sha256() : state_(first_state) {}

void Sha256::add(std::string_view bytes) {
  size_ += bytes.size();
  if (!rest_.empty()) {
    const auto missing = bytes.substr(0, block_size - rest_.size());
    rest_ += missing;
    bytes.remove_prefix(missing.size());
    if (rest_.size() < block_size) return;
    add_block(state_, rest_);
    rest_.clear();
  }
  for (; bytes.size() >= block_size; bytes.remove_prefix(block_size)) add_block(state_, bytes.substr(0, block_size));
  rest_ = bytes;
}

std::string Sha256::hex() const {
  const std::uint64_t bits = size_ * 8;
  auto state = state_;
  // A one, zeros, and the length in the last eight bytes.
  auto rest = rest_;
  rest += '\x80';
  while (rest.size() % block_size != block_size - 8) rest += '\0';
  for (unsigned shift = 64; shift > 0; shift -= 8) rest += static_cast<char>((bits >> (shift - 8)) & 0xFFU);
  for (std::size_t at = 0; at < rest.size(); at += block_size)
    add_block(state, std::string_view(rest).substr(at, block_size));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto word : state)
    for (unsigned shift = 32; shift > 0; shift -= 4) out += digits[(word >> (shift - 4)) & 0xFU];
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

}  // namespace dockhew::inline text
