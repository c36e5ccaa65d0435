#include "testbench/check/rows.h"

#include <tuple>

namespace nandtlm::check {

NameId Names::id(std::string_view text) {
  const auto known = ids_.find(text);
  if (known != ids_.end()) return known->second;
  const auto id = static_cast<NameId>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

namespace {
auto key(const Place& place) {
  return std::tie(place.die, place.plane, place.block, place.page);
}
}  // namespace

bool operator==(const Place& a, const Place& b) {
  return key(a) == key(b);
}
bool operator<(const Place& a, const Place& b) {
  return key(a) < key(b);
}

const char* text(EventKind kind) {
  switch (kind) {
    case EventKind::Start:
      return "OP_START";
    case EventKind::Resume:
      return "OP_RESUME";
    case EventKind::Suspend:
      return "OP_SUSPEND";
    case EventKind::End:
      return "OP_END";
    case EventKind::Abort:
      return "OP_ABORT";
  }
  return "";
}

const char* text(Kin kin) {
  switch (kin) {
    case Kin::Program:
      return "PROGRAM";
    case Kin::Erase:
      return "ERASE";
    case Kin::None:
      return "NONE";
  }
  return "";
}

Kin kin_named_in(std::string_view base) {
  if (base.find("PROGRAM") != std::string_view::npos) return Kin::Program;
  if (base.find("ERASE") != std::string_view::npos) return Kin::Erase;
  return Kin::None;
}

}  // namespace nandtlm::check
