#include "traces/csv_names.h"

#include <algorithm>
#include <cstddef>

#include "traces/format.h"

namespace nandtlm {

static_assert(PhaseKey::kEnd == kStates, "END follows the states");

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
  for (const std::string& celltype : device.celltypes) celltypes_.push_back(csv_field(celltype));
  phases_.emplace_back();
  for (const OpBase& base : device.bases) {
    bases_.push_back(csv_field(base.name));
    for (std::size_t s = 0; s < kStates; ++s) {
      phases_.push_back(csv_field(base.name + "." + name(static_cast<State>(s))));
    }
    phases_.push_back(csv_field(base.name + ".END"));
  }
  for (const std::string& phase : phases_) phase_fields_.emplace_back(phase + ",");
  for (const OpSpec& op : device.ops) add_op(op);
  row_room_ = room_of_rows();
}

std::size_t CsvNames::room_of_rows() const {
  constexpr std::size_t kTexts = 6;
  constexpr std::size_t kNumbers = 16;
  std::size_t longest = 2 * kMaxNumberText;  // names of families, reasons and states are shorter
  for (const std::string& celltype : celltypes_) longest = std::max(longest, celltype.size() + 1);
  for (const auto* texts :
       {&phase_fields_, &op_fields_, &op_and_base_fields_, &op_and_id_fields_, &id_and_op_fields_}) {
    for (const ReadyText& text : *texts) longest = std::max(longest, text.room());
  }
  return kTexts * longest + kNumbers * kMaxNumberText;
}

void CsvNames::add_op(const OpSpec& op) {
  const std::string id = std::to_string(ops_.size());
  const std::string field = csv_field(op.name);
  ops_.push_back(field);
  first_phase_.push_back(phase_index(PhaseKey{static_cast<std::uint16_t>(index(op.base)), 0}));
  op_fields_.emplace_back(field + ",");
  op_and_base_fields_.emplace_back(field + "," + bases_[index(op.base)] + ",");
  op_and_id_fields_.emplace_back(field + "," + id + ",");
  id_and_op_fields_.emplace_back(id + "," + field + ",");
}

}  // namespace nandtlm
