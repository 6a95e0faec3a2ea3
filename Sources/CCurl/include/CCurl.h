#ifndef HEYI_CCURL_H
#define HEYI_CCURL_H
#include <curl/curl.h>
#endif
