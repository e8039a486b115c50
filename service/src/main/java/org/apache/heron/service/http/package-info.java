/** What a scheduler process answers over HTTP. */
package org.apache.heron.service.http;
