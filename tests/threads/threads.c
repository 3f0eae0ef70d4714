/*
 * threads INI SCRIPT: runs a PHP script on several threads of one process at once, as servers with PHP built with threads do.
 * The script says how many requests each thread serves, in a line "// requests: 1 3 3". It has these functions:
 *   thread(), request()      which thread of the script runs it, and in which request; both begin with 0
 *   check(bool, what)        counts, and names what failed
 *   meet()                   waits until every thread that has not ended is here
 *   share(name, value)       keeps a text for every thread; share(name) gives it, and waits for it
 *   ends(status)             the request is meant to end with this status, which is 0 otherwise
 */
#include "sapi/embed/php_embed.h"

#include <pthread.h>
#include <stdatomic.h>

#if PHP_VERSION_ID >= 80200
#define MODULE_STARTUP(sapi) php_module_startup(sapi, &module)
#else
#define MODULE_STARTUP(sapi) php_module_startup(sapi, &module, 1)
#endif
#define MANY 64

typedef struct {
	int number, requests, request, status;
} php_thread;

static _Thread_local php_thread *current;
static const char *script;
static atomic_int passed, failed;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int living, waiting, meetings;
static struct {
	char *name, *value;
} shared[MANY];

static void checked(bool good, const char *what, size_t line)
{
	if (good) {
		passed++;
	} else {
		failed++;
		fprintf(stderr, "%s:%zu: thread %d, request %d: %s\n", script, line, current->number, current->request, what);
	}
}

/* With the lock held. */
static void meeting_is_over(void)
{
	waiting = 0;
	meetings++;
	pthread_cond_broadcast(&changed);
}

static PHP_FUNCTION(thread)
{
	ZEND_PARSE_PARAMETERS_NONE();
	RETURN_LONG(current->number);
}

static PHP_FUNCTION(request)
{
	ZEND_PARSE_PARAMETERS_NONE();
	RETURN_LONG(current->request);
}

static PHP_FUNCTION(ends)
{
	zend_long status;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_LONG(status)
	ZEND_PARSE_PARAMETERS_END();
	current->status = (int) status;
}

static PHP_FUNCTION(check)
{
	bool good;
	char *what;
	size_t length;
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_BOOL(good)
		Z_PARAM_STRING(what, length)
	ZEND_PARSE_PARAMETERS_END();
	checked(good, what, zend_get_executed_lineno());
}

static PHP_FUNCTION(meet)
{
	ZEND_PARSE_PARAMETERS_NONE();
	pthread_mutex_lock(&lock);
	int meeting = meetings;
	if (++waiting == living) {
		meeting_is_over();
	}
	while (meeting == meetings) {
		pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
}

static PHP_FUNCTION(share)
{
	char *name, *value = NULL;
	size_t length;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STRING(name, length)
		Z_PARAM_OPTIONAL
		Z_PARAM_STRING(value, length)
	ZEND_PARSE_PARAMETERS_END();
	int slot = 0;
	pthread_mutex_lock(&lock);
	for (;;) {
		for (slot = 0; slot < MANY && shared[slot].name && strcmp(shared[slot].name, name); slot++);
		if (value || (slot < MANY && shared[slot].name)) {
			break;
		}
		pthread_cond_wait(&changed, &lock);
	}
	if (value && slot < MANY && !shared[slot].name) {
		shared[slot].name = strdup(name);
		shared[slot].value = strdup(value);
		pthread_cond_broadcast(&changed);
	}
	RETVAL_STRING(slot < MANY ? shared[slot].value : "");
	pthread_mutex_unlock(&lock);
}

ZEND_BEGIN_ARG_INFO_EX(arginfo_nothing, 0, 0, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(arginfo_ends, 0, 0, 1)
	ZEND_ARG_INFO(0, status)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(arginfo_check, 0, 0, 2)
	ZEND_ARG_INFO(0, good)
	ZEND_ARG_INFO(0, what)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(arginfo_share, 0, 0, 1)
	ZEND_ARG_INFO(0, name)
	ZEND_ARG_INFO(0, value)
ZEND_END_ARG_INFO()

static const zend_function_entry functions[] = {
	PHP_FE(thread, arginfo_nothing)
	PHP_FE(request, arginfo_nothing)
	PHP_FE(meet, arginfo_nothing)
	PHP_FE(ends, arginfo_ends)
	PHP_FE(check, arginfo_check)
	PHP_FE(share, arginfo_share)
	PHP_FE_END
};

static zend_module_entry module = {
	STANDARD_MODULE_HEADER, "threads", functions, NULL, NULL, NULL, NULL, NULL, "1", STANDARD_MODULE_PROPERTIES
};

static int startup(sapi_module_struct *sapi)
{
	return MODULE_STARTUP(sapi);
}

/* One request, as a server runs it. */
static void serve(void)
{
	current->status = 0;
	SG(options) |= SAPI_OPTION_NO_CHDIR;
	SG(headers_sent) = 1;
	SG(request_info).no_headers = 1;
	if (php_request_startup() == FAILURE) {
		checked(false, "the request did not begin", 0);
		return;
	}
	EG(exit_status) = 0;
	zend_file_handle file;
	zend_stream_init_filename(&file, script);
	php_execute_script(&file);
	zend_destroy_file_handle(&file);
	checked(EG(exit_status) == current->status, "ended with another status", 0);
	php_request_shutdown(NULL);
}

static void *run(void *argument)
{
	current = argument;
	ts_resource(0);
	for (; current->request < current->requests; current->request++) {
		serve();
	}
	ts_free_thread();
	/* Who waits for all waits no longer for this one. */
	pthread_mutex_lock(&lock);
	if (--living > 0 && waiting == living) {
		meeting_is_over();
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(int argc, char **argv)
{
	static php_thread threads[MANY];
	pthread_t ids[MANY];
	int count = 0;
	char line[256] = "";
	if (argc != 3) {
		fprintf(stderr, "usage: threads INI SCRIPT\n");
		return 2;
	}
	script = argv[2];
	FILE *file = fopen(script, "r");
	while (file && fgets(line, sizeof(line), file) && strncmp(line, "// requests:", 12));
	for (char *at = line + 12, *end; file && count < MANY; at = end, count++) {
		threads[count].number = count;
		threads[count].requests = (int) strtol(at, &end, 10);
		if (end == at) {
			break;
		}
	}
	if (count == 0) {
		fprintf(stderr, "%s has no line of requests\n", script);
		return 2;
	}
	fclose(file);

	php_embed_module.php_ini_path_override = argv[1];
	php_embed_module.startup = startup;
	if (php_embed_init(0, NULL) == FAILURE) {
		return 2;
	}
	living = count;
	for (int i = 0; i < count; i++) {
		if (pthread_create(&ids[i], NULL, run, &threads[i])) {
			return 2;
		}
	}
	for (int i = 0; i < count; i++) {
		pthread_join(ids[i], NULL);
	}
	php_embed_shutdown();
	for (int i = 0; i < MANY; i++) {
		free(shared[i].name);
		free(shared[i].value);
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed || !passed;
}
