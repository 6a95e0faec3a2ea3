import GRDB
import Crypto
enum StoreSeed {}
