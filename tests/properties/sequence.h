// Random sequences: a list of small wishes, made concrete against the plan of the reference.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <vector>

#include "config/device.h"
#include "tests/reference/story.h"

namespace nandtlm::test {

/// What one request should be, in small numbers: 0 is the plainest, so that a failure shrinks to something readable.
struct Wish {
  std::uint8_t kind = 0;  ///< which op
  std::uint8_t die = 0;
  std::uint8_t block = 0;
  std::uint8_t twist = 0;   ///< something unusual: a wrong page, another cell type, an exact start, no target
  std::uint8_t when = 0;    ///< of its batch: 0 at once, else at one of the coming instants
  std::uint8_t jitter = 0;  ///< 1 ps behind or before that instant
  std::uint8_t start = 0;   ///< not before: 0 at once, else one of the coming instants
  bool joins = false;       ///< stands in the batch of the wish before it
  bool drives = false;      ///< rather a RESUME of what is suspended or a SUSPEND of what runs, where there is such
};
std::ostream& operator<<(std::ostream& out, const Wish& wish);

/// The proposals, and what the reference says of them.
struct Sequence {
  std::shared_ptr<const Device> device;
  std::vector<reference::Proposal> proposals;
  reference::Story story;
  Time horizon = 0;
};

/// Kinds of preludes: blocks that are erased and programmed in part before the first wish. Number 0 is empty.
constexpr std::uint8_t kPreludes = 7;

Sequence make_sequence(const std::shared_ptr<const Device>& device, std::uint8_t prelude,
                       const std::vector<Wish>& wishes);

}  // namespace nandtlm::test
