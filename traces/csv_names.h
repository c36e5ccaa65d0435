// The texts of a device, quoted for CSV once, so that writing a row looks nothing up by name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/device.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// `text` as an RFC 4180 field: in quotes, with quotes doubled, where it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text);

/// CSV fields of the names of one device.
class CsvNames {
 public:
  /// The device outlives this.
  explicit CsvNames(const Device& device);

  const Device& device() const { return *device_; }
  std::string_view op(OpId id) const { return ops_[index(id)]; }
  std::string_view base(BaseId id) const { return bases_[index(id)]; }
  std::string_view base_of(OpId id) const { return base(device_->op(id).base); }
  std::string_view celltype(CellId id) const { return celltypes_[index(id)]; }
  std::string_view celltype_of(OpId id) const { return celltype(device_->op(id).celltype); }
  /// `<BASE>.<STATE>`, `<BASE>.END`, or empty where there is no base.
  std::string_view phase(PhaseKey key) const;
  /// `<BASE>.<STATE>` of an operation's base.
  std::string_view state_of(OpId id, State state) const;

 private:
  const Device* device_;
  std::vector<std::string> ops_;
  std::vector<std::string> bases_;
  std::vector<std::string> celltypes_;
  std::vector<std::string> phases_;  ///< [base * (kStates + 1) + state], kEnd is the last state
};

/// The column `source`.
std::string_view source_text(Source source);

}  // namespace nandtlm
