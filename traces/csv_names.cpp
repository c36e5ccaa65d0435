#include "traces/csv_names.h"

#include <array>
#include <cstddef>

namespace nandtlm {
namespace {

static_assert(PhaseKey::kEnd == kStates, "END follows the states");
constexpr std::size_t kPhasesPerBase = kStates + 1;

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  field += '"';
  return field;
}

CsvNames::CsvNames(const Device& device) : device_(&device) {
  for (const OpSpec& op : device.ops) ops_.push_back(csv_field(op.name));
  for (const std::string& celltype : device.celltypes) celltypes_.push_back(csv_field(celltype));
  for (const OpBase& base : device.bases) {
    bases_.push_back(csv_field(base.name));
    for (std::size_t s = 0; s < kStates; ++s) {
      phases_.push_back(csv_field(base.name + "." + name(static_cast<State>(s))));
    }
    phases_.push_back(csv_field(base.name + ".END"));
  }
}

std::string_view CsvNames::phase(PhaseKey key) const {
  if (key.base == PhaseKey::kNoBase) return {};
  return phases_[key.base * kPhasesPerBase + key.state];
}

std::string_view CsvNames::state_of(OpId id, State state) const {
  return phases_[index(device_->op(id).base) * kPhasesPerBase + static_cast<std::size_t>(state)];
}

std::string_view source_text(Source source) {
  constexpr std::array<std::string_view, 4> kNames = {"script", "replay", "generator", "client"};
  return kNames[static_cast<std::size_t>(source)];
}

}  // namespace nandtlm
