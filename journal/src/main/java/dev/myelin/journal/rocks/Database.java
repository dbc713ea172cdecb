package dev.myelin.journal.rocks;

import dev.myelin.journal.nativelib.NativeLibraries;
import dev.myelin.journal.nativelib.NativeLibraries.Resource;
import dev.myelin.journal.rocks.JournalConfig.MemoryBounds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.CompressionType;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileMetaData;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One opened RocksDB with its column families and everything native that it needs. Must be closed.
///
/// `records` keeps payloads in blob files, written once when a memory buffer is full and moved only
/// to get rid of erased ones; the other families are small and keyed.
final class Database implements AutoCloseable {
  /// Its name in the jar, and the one that RocksDB looks for in a folder: the two differ.
  private static final Resource LIBRARY =
      new Resource(
          "/" + Environment.getJniLibraryFileName("rocksdb"),
          Environment.getJniLibraryFileName("rocksdbjni"));

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  static {
    loadLibrary();
  }

  private static final byte[] STREAMS = "streams".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RECORDS = "records".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TABLES = "tables".getBytes(StandardCharsets.US_ASCII);

  private static final int BLOOM_BITS = 10;

  /// So many in memory at most: each one slows all reads of what is not there.
  private static final int MAX_RANGE_DELETIONS = 1_000;

  /// Small files of keys, so that a slice that is rewritten has few payloads: about 80 MB.
  private static final int RECORD_FILE_BYTES = 1 << 20;

  /// Few shards, so that no block is larger than a shard and read from the file each time.
  private static final int CACHE_SHARD_BITS = 2;

  private final Path folder;
  private final RocksDB db;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final List<ColumnFamilyHandle> families = new ArrayList<>();
  private final CompactRangeOptions compacting = own(new CompactRangeOptions());

  private Database(Path folder, MemoryBounds memory, OpenMode mode) throws RocksDBException {
    this.folder = folder;
    Cache cache = own(new LRUCache(memory.blockCacheBytes(), CACHE_SHARD_BITS));
    DBOptions options = own(options(memory, mode));
    List<ColumnFamilyDescriptor> wanted =
        List.of(
            family(RocksDB.DEFAULT_COLUMN_FAMILY, tables(cache, memory)),
            family(STREAMS, tables(cache, memory)),
            family(RECORDS, records(cache, memory)),
            family(TABLES, tables(cache, memory)));
    try {
      db =
          mode == OpenMode.READ_ONLY
              ? RocksDB.openReadOnly(options, folder.toString(), wanted, families)
              : RocksDB.open(options, folder.toString(), wanted, families);
    } catch (RocksDBException | RuntimeException e) {
      closeOwned();
      throw e;
    }
  }

  /// Loads this class, and the library with it.
  static void load() {
    LOG.trace("the library is loaded");
  }

  /// From the cache where that can be used, else as RocksDB does it by itself: it unpacks 17 MB
  /// into the temporary folder at each start.
  private static void loadLibrary() {
    Optional<Path> unpacked = NativeLibraries.unpack(RocksDB.class, List.of(LIBRARY));
    try {
      if (unpacked.isPresent()) {
        RocksDB.loadLibrary(List.of(unpacked.get().toString()));
        return;
      }
    } catch (UnsatisfiedLinkError e) {
      LOG.debug("the cached library cannot be loaded", e);
    }
    RocksDB.loadLibrary();
  }

  static Database open(Path folder, MemoryBounds memory, OpenMode mode) throws RocksDBException {
    return new Database(folder, memory, mode);
  }

  RocksDB db() {
    return db;
  }

  /// Numbers of the journal itself.
  ColumnFamilyHandle meta() {
    return families.get(0);
  }

  /// Name of a stream to its head.
  ColumnFamilyHandle streams() {
    return families.get(1);
  }

  ColumnFamilyHandle records() {
    return families.get(2);
  }

  ColumnFamilyHandle tables() {
    return families.get(3);
  }

  /// Bytes that are in memory and a log, and will need room in a table file.
  long unflushedBytes() throws RocksDBException {
    return db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
  }

  /// Moves everything from memory into files, after which the logs are deleted.
  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, families);
    }
  }

  /// A file that should be there and is not. A compaction that runs meanwhile may not delete what
  /// it replaces before it was looked at: that would pass for damage.
  Optional<String> missingFile() throws RocksDBException {
    db.disableFileDeletions();
    try {
      return db.getLiveFiles(false).files.stream()
          .filter(name -> !Files.exists(folder.resolve(name.substring(1))))
          .findFirst();
    } finally {
      db.enableFileDeletions();
    }
  }

  /// The first key of each file of records, in order.
  List<byte[]> firstKeysOfRecordFiles() {
    return db.getLiveFilesMetaData().stream()
        .filter(file -> Arrays.equals(file.columnFamilyName(), RECORDS))
        .map(SstFileMetaData::smallestKey)
        .sorted(Arrays::compareUnsigned)
        .toList();
  }

  /// Rewrites the records between two keys, and moves their payloads out of all older blob files.
  void compactRecords(byte[] from, byte[] to) throws RocksDBException {
    collectGarbage(true);
    compacting.setBottommostLevelCompaction(BottommostLevelCompaction.kForce);
    compacting.setExclusiveManualCompaction(false);
    try {
      db.compactRange(records(), from, to, compacting);
    } finally {
      collectGarbage(false);
    }
  }

  private void collectGarbage(boolean collect) throws RocksDBException {
    db.setOptions(
        records(),
        MutableColumnFamilyOptions.builder()
            .setEnableBlobGarbageCollection(collect)
            .setBlobGarbageCollectionAgeCutoff(1.0)
            .build());
  }

  /// Ends [#compactRecords(byte[], byte[])] early; any thread.
  void stopCompaction() {
    compacting.setCanceled(true);
  }

  private static DBOptions options(MemoryBounds memory, OpenMode mode) {
    Properties unnamed = new Properties();
    unnamed.setProperty("track_and_verify_wals_in_manifest", "true");
    DBOptions options;
    try (ConfigOptions strict = new ConfigOptions()) {
      options = DBOptions.getDBOptionsFromProps(strict, unnamed);
    }
    if (options == null) {
      throw new IllegalStateException("RocksDB does not know the options of this engine");
    }
    return options
        .setCreateIfMissing(mode == OpenMode.CREATE)
        .setCreateMissingColumnFamilies(mode == OpenMode.CREATE)
        .setParanoidChecks(true)
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setMaxTotalWalSize(2 * memory.writeBufferBytes())
        .setDbWriteBufferSize(memory.writeBufferBytes())
        .setMaxOpenFiles(memory.maxOpenFiles())
        .setMaxBackgroundJobs(2)
        .setBytesPerSync(1 << 20)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(4 << 20)
        .setKeepLogFileNum(4)
        .setStatsDumpPeriodSec(0);
  }

  private ColumnFamilyOptions records(Cache cache, MemoryBounds memory) {
    return own(new ColumnFamilyOptions())
        .setTableFormatConfig(format(cache))
        .setWriteBufferSize(memory.writeBufferBytes() / 3)
        .setMaxWriteBufferNumber(4)
        .setMemtableMaxRangeDeletions(MAX_RANGE_DELETIONS)
        .setEnableBlobFiles(true)
        .setMinBlobSize(256)
        .setBlobFileSize(256 << 20)
        .setTargetFileSizeBase(RECORD_FILE_BYTES)
        .setCompressionType(CompressionType.NO_COMPRESSION);
  }

  private ColumnFamilyOptions tables(Cache cache, MemoryBounds memory) {
    return own(new ColumnFamilyOptions())
        .setTableFormatConfig(format(cache))
        .setWriteBufferSize(Math.max(1 << 20, memory.writeBufferBytes() / 6))
        .setMemtablePrefixBloomSizeRatio(0.1)
        .setMemtableWholeKeyFiltering(true)
        .setMemtableMaxRangeDeletions(MAX_RANGE_DELETIONS)
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private BlockBasedTableConfig format(Cache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true)
        .setPinTopLevelIndexAndFilter(true)
        .setFilterPolicy(own(new BloomFilter(BLOOM_BITS)));
  }

  private static ColumnFamilyDescriptor family(byte[] name, ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name, options);
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    return part;
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    db.close();
    closeOwned();
  }

  private void closeOwned() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a native object could not be closed", e);
      }
    }
  }

  /// What opening may do.
  enum OpenMode {
    /// Make a new, empty database.
    CREATE,
    READ_WRITE,
    /// Change no file: for a disk that takes no writes.
    READ_ONLY
  }
}
