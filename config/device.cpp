#include "config/device.h"

namespace nandtlm {
namespace {

template <typename Id>
std::optional<Id> find(const std::unordered_map<std::string, Id>& ids, const std::string& key) {
  const auto found = ids.find(key);
  if (found == ids.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<OpId> Device::find_op(const std::string& op_name) const {
  return find(op_by_name_, op_name);
}
std::optional<BaseId> Device::find_base(const std::string& base_name) const {
  return find(base_by_name_, base_name);
}
std::optional<CellId> Device::find_celltype(const std::string& celltype) const {
  return find(celltype_by_name_, celltype);
}

void Device::index_names() {
  for (std::size_t i = 0; i < ops.size(); ++i) op_by_name_.emplace(ops[i].name, OpId(i));
  for (std::size_t i = 0; i < bases.size(); ++i) base_by_name_.emplace(bases[i].name, BaseId(i));
  for (std::size_t i = 0; i < celltypes.size(); ++i) celltype_by_name_.emplace(celltypes[i], CellId(i));
  state_keys_.clear();
  for (const OpBase& base : bases) {
    auto& keys = state_keys_.emplace_back();
    for (std::size_t i = 0; i < kStates; ++i) keys[i] = base.name + "." + nandtlm::name(static_cast<State>(i));
  }
}

const char* name(State state) {
  constexpr std::array<const char*, kStates> kNames = {"ISSUE", "CORE_BUSY", "DATA_IN", "DATA_OUT"};
  return kNames[static_cast<std::size_t>(state)];
}

const char* name(Family family) {
  constexpr std::array<const char*, 3> kNames = {"PROGRAM", "ERASE", "NONE"};
  return kNames[static_cast<std::size_t>(family)];
}

const char* name(Scope scope) {
  constexpr std::array<const char*, 3> kNames = {"NONE", "PLANE_SET", "DIE_WIDE"};
  return kNames[static_cast<std::size_t>(scope)];
}

const char* name(Latch latch) {
  constexpr std::array<const char*, kLatches> kNames = {"LATCH_ON_READ", "LATCH_ON_LSB", "LATCH_ON_CSB",
                                                        "LATCH_ON_MSB"};
  return kNames[static_cast<std::size_t>(latch)];
}

const char* name(Cache cache) {
  constexpr std::array<const char*, kCaches> kNames = {"ON_CACHE_READ", "ON_CACHE_PROGRAM", "ON_ONESHOT_CACHE_PROGRAM"};
  return kNames[static_cast<std::size_t>(cache)];
}

}  // namespace nandtlm
