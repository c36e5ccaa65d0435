// Cell types that store alike (EPR-02): programs and reads of these mix.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/device.h"

namespace nandtlm {

/// Numbers the modes of storing of a device: A0SLC, ACSLC and FWSLC store as SLC, every other as itself.
class StorageModes {
 public:
  explicit StorageModes(const Device& device) {
    std::vector<std::string> names;
    for (const std::string& celltype : device.celltypes) {
      const bool as_slc =
          device.find_celltype("SLC") && (celltype == "A0SLC" || celltype == "ACSLC" || celltype == "FWSLC");
      const std::string& stores_as = as_slc ? std::string("SLC") : celltype;
      std::size_t mode = 0;
      while (mode < names.size() && names[mode] != stores_as) ++mode;
      if (mode == names.size()) names.push_back(stores_as);
      mode_.push_back(static_cast<std::uint8_t>(mode));
    }
    count_ = names.size();
  }

  std::size_t count() const { return count_; }
  std::uint8_t of(CellId celltype) const { return mode_[index(celltype)]; }

 private:
  std::size_t count_ = 0;
  std::vector<std::uint8_t> mode_;  ///< [celltype]
};

}  // namespace nandtlm
