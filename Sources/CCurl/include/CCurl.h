#ifndef HEYI_CCURL_H
#define HEYI_CCURL_H
#include <curl/curl.h>

/* libcurl's option calls take variable arguments, which Swift cannot call.
 * Each kind of argument gets one inline function with the type curl expects. */

static inline CURLcode heyi_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode heyi_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/* curl copies the text. */
static inline CURLcode heyi_easy_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/* curl keeps the pointer: what it points to must outlive the transfer. */
static inline CURLcode heyi_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

/* curl copies `length` bytes. */
static inline CURLcode heyi_easy_set_body(CURL *easy, const void *bytes, curl_off_t length) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, length);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

static inline CURLcode heyi_easy_set_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

/* The callbacks of one transfer; all get the same context. `read` may be NULL. */
static inline void heyi_easy_set_callbacks(
    CURL *easy, void *context, curl_write_callback write, curl_write_callback header,
    curl_read_callback read, curl_opensocket_callback opensocket, curl_prereq_callback prereq) {
    curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, opensocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, prereq);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
    if (read) {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, read);
        curl_easy_setopt(easy, CURLOPT_READDATA, context);
    }
}

static inline CURLcode heyi_easy_get_long(CURL *easy, CURLINFO what, long *value) {
    return curl_easy_getinfo(easy, what, value);
}

static inline CURLcode heyi_easy_get_pointer(CURL *easy, CURLINFO what, void **value) {
    return curl_easy_getinfo(easy, what, value);
}

static inline CURLMcode heyi_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* The callbacks of the event loop; NULL takes them off. */
static inline void heyi_multi_set_callbacks(
    CURLM *multi, void *context, curl_socket_callback socket, curl_multi_timer_callback timer) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

/* The finished transfer a message is about, and how it went. */
static inline CURLcode heyi_message_result(const CURLMsg *message) { return message->data.result; }
#endif
